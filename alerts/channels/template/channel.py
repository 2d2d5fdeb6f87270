"""Template messages (模板消息, docs/wechat.md §5.2).

- Needs: a verified service account, and a template whose fields the alert's facts fill.
- Limits: the kinds of fields in `values`; 100,000 calls a day. A message carries one alert.
- Repeats: WeChat remembers `client_msg_id` for 10 minutes, so a message in doubt is sent again under the same id.
- Receipt: TEMPLATESENDJOBFINISH; "failed:user block" means that the member refuses template messages.
- Errors: 43004 unfollowed; 48002, 43019, 50002, 70000 the member refuses; 47003 the fields do not fit (the first
  rows of a campaign all fail so: it pauses); 40037 the template is gone (the campaign pauses); 45009 the day's
  calls are used (all wait for midnight).
"""

from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, true

from alerts.channels.member_channel import AddressedCall, Letter, MemberChannel, SendCall
from alerts.channels.template.settings import Templates, TemplateSetting
from alerts.channels.template.values import template_values
from alerts.model.channel import Channel, Reach
from alerts.model.recipients import Person
from alerts.wording import wording
from wechat.account import Capability


def _is_open(_template: TemplateSetting, _reach: Reach) -> bool:
    return True


def _open_members(_template: TemplateSetting, _real_now: datetime) -> ColumnElement[bool]:
    return true()


def _compose(letter: Letter) -> AddressedCall:
    values = template_values(letter.template.fields, wording.facts(letter.alerts, letter.today))
    message = letter.outlet.client.template_message(letter.template.id, values)

    def call_for(person: Person, client_id: str) -> SendCall:
        return partial(message.send, person.openid, url=letter.page(person), client_msg_id=client_id)

    return call_for


TEMPLATE = MemberChannel(
    Channel.TEMPLATE,
    Capability.TEMPLATE_MESSAGE,
    template=Templates.template,
    is_open=_is_open,
    open_members=_open_members,
    compose=_compose,
    one_alert_each=True,
)
