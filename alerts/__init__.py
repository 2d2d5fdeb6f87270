"""What goes out: due alerts, campaigns, queue, channels, delivery, ledger."""
