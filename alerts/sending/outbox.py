"""Messages that wait to be sent, by campaign; a new campaign may have only a few messages under way."""

from collections import Counter, deque

from alerts.channels.choice import ALLOWANCES
from alerts.sending.message import Message

FIRST = 20
"""Until WeChat has taken one message of a campaign, at most this many are under way. A template that WeChat refuses
(47003) then costs 20 dead letters, not thousands.
"""


class Outbox:
    """Hands out groups of messages. A message counts as under way until `ended` is called for it."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[Message]] = {}
        self._under_way: Counter[int] = Counter()
        self._proven: set[int] = set()
        self.under_way = 0

    def put(self, message: Message) -> None:
        """Add a message behind those of its campaign. A message in doubt goes first, because WeChat forgets its id."""
        queue = self._queues.setdefault(message.campaign.id, deque())
        if message.doubted:
            queue.appendleft(message)
        else:
            queue.append(message)

    def put_back(self, message: Message) -> None:
        """Put a message that was handed out and could not leave yet before the others of its campaign."""
        self.ended(message)
        self._queues.setdefault(message.campaign.id, deque()).appendleft(message)

    def take(self, limit: int) -> list[Message]:
        """Take the next messages, `limit` at most, one campaign after the other."""
        taken: list[Message] = []
        paying: set[int] = set()
        for campaign_id, queue in list(self._queues.items()):
            room = limit - len(taken)
            if campaign_id not in self._proven:
                room = min(room, FIRST - self._under_way[campaign_id])
            while queue and room > 0:
                message = queue[0]
                if message.channel in ALLOWANCES:
                    if message.recipients[0].id in paying:  # one statement can take one message a member
                        break
                    paying.add(message.recipients[0].id)
                taken.append(queue.popleft())
                self._under_way[campaign_id] += 1
                room -= 1
            if not queue:
                del self._queues[campaign_id]
        self.under_way += len(taken)
        return taken

    def ended(self, message: Message) -> None:
        """Note that a message is no longer under way."""
        self._under_way[message.campaign.id] -= 1
        self.under_way -= 1

    def prove(self, message: Message) -> None:
        """Note that WeChat took a message, so its campaign's messages are right."""
        self._proven.add(message.campaign.id)

    def empty(self) -> list[Message]:
        """Remove and return all messages that are not under way."""
        left = [message for queue in self._queues.values() for message in queue]
        self._queues.clear()
        return left
