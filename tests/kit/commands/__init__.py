"""How tests call `policybot`: in their own process (`command_line`), or as a fork of one that is loaded (`forked_cli`)."""
