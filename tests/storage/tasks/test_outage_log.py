"""A trouble that lasts for hours takes a line every ten minutes."""

from structlog.testing import capture_logs

from storage.tasks.outage_log import OutageLog


def test_it_is_told_at_once_again_every_while_and_at_its_end() -> None:
    now = [0.0]
    outage = OutageLog("redis.lost", "look", lambda: now[0])
    with capture_logs() as logs:
        for second in range(2 * 3600):
            now[0] = float(second)
            outage.failed(OSError())
        outage.recovered()
        outage.recovered()
        outage.failed("TimeoutError")
    told = [line for line in logs if line["event"] == "redis.lost"]
    assert [line.get("lasts_s", 0) for line in told] == [*range(0, 7200, 600), 0]
    assert [line["lasted_s"] for line in logs if line["event"] == "redis.lost.recovered"] == [7199]
