"""`policybot alerts`: the commands of the group."""

import typer

from alerts.model.campaigns.campaign_states import CampaignAction
from bot.commands.alerts.campaigns import action_command, list_command, show_command
from bot.commands.alerts.delivery_rows import confirm_command, dead_command, retry_command
from bot.commands.alerts.outgoing import go_command, restored_command, stop_command
from bot.commands.alerts.preview import preview_command


def register(app: typer.Typer) -> None:
    """Add `alerts`."""
    group = typer.Typer(help="Alerts and broadcasts: preview, follow, stop, retry.", no_args_is_help=True)
    group.command("preview")(preview_command)
    group.command("list")(list_command)
    group.command("show")(show_command)
    for name, action, help_text in (
        ("pause", CampaignAction.PAUSE, "Hold a campaign; what has not left waits."),
        ("resume", CampaignAction.RESUME, "Let a paused campaign go on."),
        ("cancel", CampaignAction.CANCEL, "Call a campaign back for good; what has not left never will."),
    ):
        group.command(name, help=help_text)(action_command(action))
    group.command("retry")(retry_command)
    group.command("confirm")(confirm_command)
    group.command("dead")(dead_command)
    group.command("stop")(stop_command)
    group.command("go")(go_command)
    group.command("restored")(restored_command)
    app.add_typer(group, name="alerts")
