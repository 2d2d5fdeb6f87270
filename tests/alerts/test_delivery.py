"""A row's way to the member: the best channel, what WeChat answers, and that it arrives once."""

from tests.alerts.stage import Stage


async def test_a_template_message_reaches_every_member_once(stage: Stage) -> None:
    members = await stage.members(130)
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    rows = await stage.rows(campaign)
    assert {(row.state, row.channel, row.errcode, row.attempts) for row in rows} == {
        ("sent", "template", 0, 1)
    }
    assert len({row.message_id for row in rows}) == 130
    stats = await stage.wechat.stats()
    assert (stats["delivered"], stats["doubles"], stats["swallowed"]) == (130, 0, 0)
    assert await stage.counts(campaign) == {"total": 130, "sent": 130}
