"""Who wants what: companies, members, subscriptions."""
