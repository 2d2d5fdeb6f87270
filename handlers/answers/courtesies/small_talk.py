"""What people say besides questions: greetings, thanks, who are you, anger. Nothing is searched or recorded.

Fillers (嗯, 是, 等一下, 哈哈) are courtesies too, so they never become questions without an answer.
"""

import re

from handlers.answers.courtesies.welcome_and_help import titles, tried, try_these
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import clause_tap, tap, taps
from policies.library.clause_lines import who_confirms
from policies.search.decision import Intent
from policies.search.index import PolicyIndex

_GO_ON = f"好的，您慢慢来。想了解哪条政策直接说就行，也可以看 {tap('目录')}。"


async def greeting(turn: Turn, context: Context) -> Answer:
    """Greet back. Tell a person who calls for somebody (有人吗) that a program answers, and how to ask staff."""
    answer = greet(context.knowledge.index)
    if _CALLS.search(turn.text.lower()) is None:
        return answer
    return answer.with_line(f"这里由程序自动回答；想找工作人员请回复 {tap('人工')}。")


def greet(index: PolicyIndex) -> Answer:
    """Greet, and show three things to ask."""
    listed = try_these(index, "可以直接说，例如：")
    return Answer.of(Intent.NONE, f"您好，我在。想了解哪条政策？{listed}".rstrip()).offering(tried(index))


async def thanks(turn: Turn, context: Context) -> Answer:
    """Answer thanks, praise or "understood" with a short courtesy."""
    praises = _PRAISE.search(turn.text) is not None and _THANKS.search(turn.text.lower()) is None
    return Answer.of(Intent.NONE, f"{_PRAISED if praises else '不客气'}，有需要随时问我。")


async def filler(turn: Turn, context: Context) -> Answer:
    """Keep the conversation going with a word."""
    return Answer.of(Intent.NONE, _GO_ON)


async def remark(turn: Turn, context: Context) -> Answer:
    """Answer a remark about an answer or about the writer that asks nothing: say what can follow, with the clause in focus."""
    return remarked(turn.text, turn.session.clause, context.knowledge.index)


def remarked(text: str, clause: int, index: PolicyIndex) -> Answer:
    """Answer a remark in any words. `clause` is in focus; 0 for none."""
    policy, library = index.policy(clause) if clause else None, index.library
    praises = _PRAISE.search(text) is not None
    if policy is None:
        return Answer.of(Intent.NONE, f"{_PRAISED}，有需要随时问我。" if praises else _GO_ON)
    regrets = _REGRETS.search(text) is not None
    said = f"下次开始时要提醒，可以点 {tap(f'订阅 {library.name(policy)}')}。" if regrets else ""
    ways = taps("电话", "材料", "什么时候截止", "怎么申请")
    begins = _PRAISED if praises else "好的"
    return Answer.of(Intent.NONE, f"{begins}。{said}{clause_tap(policy, library)} 还可以接着问：{ways}")


async def goodbye(turn: Turn, context: Context) -> Answer:
    """Answer with a short courtesy."""
    return Answer.of(Intent.NONE, "再见，祝工作顺利。")


async def identity(turn: Turn, context: Context) -> Answer:
    """Say who answers here, and where the answers come from."""
    library = context.knowledge.index.library
    return Answer.of(
        "identity",
        f"我是政策查询的自动回复程序，不是真人。我的回答都取自{titles(library)}的条文原文，并注明依据和负责部门。\n"
        f"想和工作人员说话，请回复 {tap('人工')}；想看我能做什么，请点 {tap('帮助')}。",
    )


async def genuine(turn: Turn, context: Context) -> Answer:
    """Answer whether this is true or a fraud: where the texts come from, and who can confirm the clause in focus."""
    index = context.knowledge.index
    policy = index.policy(turn.session.clause) if turn.session.clause else None
    said = (
        f"这里的条文都取自{titles(index.library)}的原文，依据的文件和负责部门写在每条下面，可以向部门核实。"
    )
    ways = f"还不放心，可以回复 {tap('人工')} 问工作人员。"
    if policy is None:
        return Answer.of("genuine", f"{said}\n{ways}")
    whom = f"{clause_tap(policy, index.library)} 请向{who_confirms(policy)}核实；"
    return Answer.on("genuine", f"{said}\n{whom}{ways}", policy.key)


async def anger(turn: Turn, context: Context) -> Answer:
    """Apologise without excuses, and offer two ways on."""
    return Answer.of(
        "anger",
        "抱歉没能帮上您。请告诉我您想了解哪方面的政策，我再查；"
        f"也可以回复 {tap('人工')}，由工作人员回复您。不想收到推送请点 {tap('停止推送')}。",
    )


_CALLS = re.compile(
    r"有人|没人|没有人|any(?:one|body)|some(?:one|body)|说话|说句话|回话|回个话|吱个?声|应一声"
)
_PRAISED = "谢谢您的肯定"
_PRAISE = re.compile(
    r"(?<!不)(?<!没)(?:棒|赞|厉害|牛|给力|不错|聪明|机灵|专业|好使|管用|很好|挺好|真好|有用|帮大忙|满意)"
)
_THANKS = re.compile(r"谢|感恩|辛苦|麻烦|3q|thx|thank|蟹蟹")
_GREETINGS = (
    r"(?:喂|您好|你好|大家好|哈喽|哈罗|嗨|嘿|hi|hello|hey|您|你在吗|你在不在|在线吗|能听到吗|能听见吗|听得到吗|听得见吗|听到吗|听见吗|收到吗|收到了吗|有在吗|在|在吗|在么|在不在|在嘛|有人吗|有人在吗|有人么|有没有人(?:在|呀|啊)?|在不|在没|早|早上好|上午好|中午好|下午好|"
    r"晚上好|早安|午安|请问一下|请问|请教一下|问一下|问下|打扰一下|打扰了|咨询一下|咨询|想咨询一下|想咨询|想问一下|想问问|(?:我?想)?(?:咨询|请教|打听|了解)(?:个|点|一个|一点)(?:事|事情|问题|事儿)|问个事|问个问题|"
    r"我?(?:想|来)?(?:帮|替|代)(?:客户|朋友|别人|亲戚|老板|领导|同事|家里人?|企业|公司)(?:问|咨询|打听|了解|看看)(?:一下|问|问题|政策)?|可以问(?:吗|么)?|(?:你)?(?:说话|说句话|回话|回个话|吱个?声|应一声)|"
    r"同志|老师|亲|小姐姐|小哥哥|小编|美女|帅哥|领导|各位|啊|呀|哈|哦|(?:新年|过年|节日|中秋|国庆|元旦|周末)好|有人不|goodmorning|goodafternoon|goodevening|there|anyone(?:here|there|home)?|anybody(?:here|there)?|somebodythere|isanyone(?:here|there)|areyouthere|heythere){1,6}"
)
_ACKNOWLEDGED = (
    r"(?:对不起|不好意思|抱歉|sorry|谢谢|多谢|感谢|谢啦|谢了|蟹蟹|辛苦了?|麻烦了|感恩|3q|(?:谢谢?|多谢|感谢)(?:了|您|你)?(?:老板|大佬|老师|师傅|领导|大哥|大姐|姐|哥)|谢(?!绝)|收到|知道了?|明白了?|了解了?|懂了|清楚了|好的|好咧|好嘞|好滴|好哒|好|ok|okay|thx|thanks?(?:you)?|thankyou|"
    r"(?:刚才|刚刚|之前|前面)?(?:骂|吼|凶|说|怼)(?:了|到)?(?:你|您)(?:了)?|(?:刚才|刚刚|之前|方才)(?:我)?(?:有点|太|是|也|说话){0,2}(?:急|冲|凶|过分|激动|上火|着急|话重|重)(?:了)?(?:点|些|一点)?|(?:刚才|刚刚|之前)?(?:我)?(?:态度|语气|脾气|口气)(?:不好|急了?|冲了?)|别(?:介意|生气|见怪|往心里去)|(?:记|记住|记下|看|看到|搞懂|弄懂|清楚)了|"
    r"您|你|啊|哈|非常|太|不错|很好|真好|挺好|真棒|棒|赞|厉害|牛|给力|满意|可以|行|嗯{1,3}+|哦|噢|的|了|啦|呀|亲|爱你|帮大忙|有用|够用?了|就这样|先这样|alot|abunch|somuch|verymuch|indeed|mate|cheers|tysm|ty|appreciated|得[嘞咧]|妥了?|好了|指点|解答|告知|指教){1,6}"
)
_FILLERS = (
    r"(?:嗯{1,4}+|恩|哦{1,3}+|噢|喔|呃|额|唔|啊{1,3}+|呀|诶|欸|哎|唉|哼|切|emm{0,4}+|em|hm{1,3}+|是的?|是吗|是啊|对的?|对啊|对吧|没错|不是|不对吧|没有|没|不|否|不了|"
    r"行吧|好吧|可以吧|这样啊|这样|原来如此|原来是这样|真的吗|真的假的|真的|等一?下|等等|等会儿?|稍等|稍等一下|等我一?下|我看看|我想想|想想|看看|我先看看|再看看|再?(?:想想|考虑考虑|琢磨琢磨|商量商量|合计合计)|考虑一下|"
    r"哈{1,6}+|呵{1,4}+|嘿{1,4}+|嘻{1,4}+|嘎|6{3,6}+|随便|随便看看|无所谓|没关系|没问题|不客气|yes|yeah|yep|no|nope|wait|well|fine|good|great|cool|nice|"
    r"内个|那啥|内啥|就是(?:说)?|怎么说呢|话说|吧|了|的|哈|你|我|您|还|也|都|就){1,6}"
)
_REGRETS = re.compile(r"可惜|遗憾|错过|晚了|没赶上|亏")
_REMARKS = (
    r"(?!.{0,20}(?:多少|[哪谁几啥]|什么|怎))"
    r"(?=.{0,16}(?:快|懂|厉害|牛|赞|好使|管用|聪明|机灵|灵|专业|不错|行|绕|复杂|麻烦|难|啰嗦|严|抠|少|不多|高|低|贵|可惜|遗憾|错过|晚|没赶上|亏|失望|郁闷|愁|头疼|惊喜|意外|高兴"
    r"|有意思|有道理|合理|值|划算|信|放心|踏实|知道|明白|清楚|记|收藏|截图|保存|转给|老板|领导|会计|合伙人|商量|研究|琢磨|合计|回头|考虑|不急))"
    r"(?:我们?|咱|你们?|您|这|那|也|还是|还|真|挺|太|好|够|有点儿?|就是|就|了|啊|呀|嘛|吧|哈|哟|哎|唉|嗯|又|一步|一回|一次|的|点儿?|些|再|先|去|都|可以?|算|得|个|说说?|讲讲?|看看?|问问?|下|一下"
    r"|回去|这么|那么|果然|终于|确实|其实|感觉|觉得|跟|和|给|把|它|快|懂|厉害|牛|赞|好使|管用|聪明|机灵|灵|专业|不错|行|绕|复杂|麻烦|难|啰嗦|严|抠|少|不多|不少|不(?=急|知道|明白|清楚|合理|值|划算)|多|高|低|贵|可惜|遗憾|错过|晚|没赶上|亏"
    r"|失望|郁闷|愁|头疼|惊喜|意外|高兴|有意思|有道理|合理|值|划算|信|放心|踏实|知道|明白|清楚|记住?|收藏|截图|保存|转给|老板|领导|会计|合伙人|家里|商量|研究|琢磨|合计|回头|考虑|急|慢慢){2,12}",
)
_NO_SUBJECT = (
    r"(?!.{0,20}(?:补|奖|政策|申|企业|公司|项目|产业|扶持|第.{1,3}条|研发|制造|处理|发电|利用|条款|订阅|推送|支持|属于"
    r"|行业|能报|能拿))"
)
"""A message with one of these words is about a policy, even if it holds 机器人 or 垃圾."""
_FRAUD = r"(?:骗子|骗人|骗局|骗钱|诈骗|假|忽悠人?|冒充|假冒|瞎编|编)"
_GENUINE = (
    rf"(?:(?:这|那|这个|这些|这条|你们|你|您|政策|补贴|消息|信息|说|写){{0,3}}的?(?:(?:都|该)?(?:是不是|会不会|不会|有没有可能)(?:又)?(?:是)?(?:在)?(?:{_FRAUD}|真|可信|可靠|靠谱)"
    rf"|(?:是)?真的?还是(?:假|{_FRAUD})|(?:是)?(?:可信|可靠|靠谱)(?=的?[吗么不])|怕(?:是|遇到|碰到)?{_FRAUD})的?(?:[吗么吧啊呀不])?){{1,2}}"
)
"""Doubts about the texts, not about who answers."""
_IDENTITY = (
    r"(?:你|您|对面|那边)(?:到底|究竟)?(?:是)?(?:谁|哪位)(?:啊|呀)?|(?:是)?谁(?:啊|呀|在(?:回复?|答复?|说话)(?:我)?)",
    r"(?:你|您|你们|这|这里|这个|这边|贵号|公众号)(?:到底|究竟)?(?:是|叫|属于)(?:谁|干嘛的?|干吗的?|做啥的?|什么|啥|哪个|哪里的?|哪儿的?|干什么的?|干啥的?|做什么的?|什么名字|什么东西|什么号|什么平台|什么公众号|哪位|什么人|哪个部门的?|哪个单位的?)(?:啊|呀)?",
    r"(?:你|您|你们|这|对面|那边)?(?:是不是|是|还是|到底是|究竟是|算)(?:一个|个)?(?:真人|活人|真的人|人类|人|机器人|机器|人工智能|人工|ai|智能客服|自动回复|程序|客服|chatgpt|gpt|deepseek|豆包|官方|政府)(?:的|回复|在回复|客服)?(?:吗|么|嘛|还是.{1,8})?(?:啊|呀)?",
    r"(?:咱|你|您|你们|这)?(?:们)?(?:这)?(?:个)?(?:号|公众号|平台)?(?:是不是|是)(?:政府|官方|区里|市里|国家|正规)(?:办|开|弄|搞|做)?的?(?:吗|么|不|号)?",
    r"(?:你|您|这)?(?:是)?(?:真人|活人|人工|人)还是(?:机器人?|ai|程序|自动回复)(?:啊|呀)?",
    r"(?:我)?(?:是)?(?:在)?(?:跟|和)(?:真人|人|机器人|机器|ai)(?:在)?(?:说话|聊天|对话|聊)(?:吗|么)",
    r"(?:你|您)(?:叫)?(?:什么|啥)名字|(?:做个|介绍一?下)?自我介绍|介绍一?下(?:你自己|你|自己)|(?:你|这里|这个)(?:说的|回答|信息|内容)?(?:号|公众号|平台)?(?:靠谱|准确?|官方|可信|权威|真的)(?:吗|么|不)",
    r"(?:是)?(?:有)?(?:真人|活人|真的人|人|机器人|机器|ai|程序)(?:在)?(?:打字|回复|回答|回我|说话|聊天|操作|值班|看着|回的?|答的?){1,2}(?:吗|么|还是.{1,8})",
    rf"{_NO_SUBJECT}(?!.{{0,8}}(?:想|要|转|找|换|叫|接|让))(?=.{{0,14}}(?:真人|活人|机器人|自动回复|人工智能|程序))(?=.{{0,14}}(?:你|您|对面|说话|聊天|回复我|跟我|和我|对话|是不是)).{{3,16}}",
    r"(?:hello|hi)?(?:isthis|areyou)(?:the|a|an)?(?:policy|official|government)?(?:bot|robot|account|service|assistant|line)|whoareyou|whatareyou|(?:areyou|isthis)(?:a|an)?(?:real|human|robot|bot|person|ai|machine|official){1,2}(?:person|human)?|amitalkingto.{1,12}|isthere(?:a|any)?(?:real)?(?:human|person|people)?(?:typing|there|here)",
)
_RUDE = (
    r"(?:你|你们|您|他|这|这个|这些|那|真|真是|真的|太|是|就是|简直|就|都|什么|啥|个|的|了|吧|啊|呀|一群|一帮|破|烂|机器人|客服|系统|公众号|东西|玩意儿?|程序|服务|也|不|能|人|死|我|给|快|去){0,6}"
    r"(?:傻[逼比叉缺子]?|煞笔|沙比|傻瓜|sb|s13|妈的|妈了个|他妈|tmd|nmsl|cnm|mmp|滚|垃圾|废物|饭桶|骗子|骗人|忽悠|坑人|有病|神经病|脑残|智障|弱智|笨蛋?|蠢|白痴|混蛋|王八蛋|操|草泥马|去死|气死|无语|差劲|差评|烂透|没用的?东西|什么破|啥破|什么玩意|啥也不是|啥都不会|啥都不懂|不好用|难用|不懂人话|听不懂人话|没用|浪费(?:我)?时间|敷衍|糊弄|不靠谱|瞎说|胡说(?:八道)?|一问三不知|stupid|idiot|useless|garbage|fuck(?:you)?|shit|damn)"
    r"(?:你|你们|您|的|了|吧|啊|呀|吗|呢|东西|玩意儿?|机器人|客服|系统|公众号|程序|透了?|死了?|我|他|妈|个|真|是|蛋|人){0,6}"
)
_WRONG = (
    r"(?=.{0,6}(?:你|您|答|解释))(?:不对)?(?:你|您|这|刚才|上面|这个){0,3}(?:的)?(?:回答|答|说|答案|解释)(?:的|得|我的)?(?:都|也|根本|完全)?"
    r"(?:不对|错了?|有误|不是我(?:要|想|问)的?|驴唇不对马嘴|文不对题|跑题了?|对不上)(?:吧|啊|呀|了)?"
)
_COMPLAINT = (
    rf"{_NO_SUBJECT}(?=.{{0,16}}(?:你|您|机器人|客服|公众号|系统|这什么|什么破|答|回答|服务|我))"
    r"(?=.{0,16}(?:傻|妈的|滚|废物|智障|脑残|混蛋|王八|有病|神经病|什么玩意|都不懂|啥都不|听不懂|看不懂我|不懂人话|没用|破|垃圾|答非所问|"
    r"气死|太差|差劲|烂|笨|蠢|骗|忽悠|敷衍|浪费时间|不靠谱|失望|生气|恼火|无语)).{3,20}"
)
_NO_HELP = (
    r"(?:真是|真|你|您|怎么|简直|就是|跟你){0,3}(?:(?:问|说)(?:啥|什么)(?:都|也)(?:不会|不知道|不懂|答不上来?|答不出来?|没有)|不知所云|废话(?:真|太|这么)?(?:多|连篇)"
    r"|(?:说|问|聊|搞|讲)了?(?:半天|这么久|这么多|一圈)(?:也|都|还是|就)?(?:没用|白问|白说|没说清楚?|不明白|没搞懂|没结果|没有用)|说不(?:清楚?|明白|通)|(?:到底)?会不会(?:回答|说话|用)?|能不能(?:好好|认真|正经)(?:说话|回答|答|说))"
    r"(?:啊|呀|吧|了|啦|嘛|呢)?"
)
_CHIT_CHAT = (
    r"(?=.{0,30}(?:系统提示|之前的指令|所有指令|开发者模式|越狱|(?:你|请|假装|现在|开始)扮演|(?:输出|忽略|告诉我?|说出|显示|你的)(?:你的)?提示词"
    r"|systemprompt|previousinstructions)).{4,60}",
    r"(?:你|您)?(?:能不能|可不可以|能|可以|会)?(?:直接)?(?:帮|替)(?:我|我们)(?:写|代写|填|整理|弄|做)(?:个|一个|一份|份|下|一下)?(?:申请书?|申报书?|材料|表|表格|方案|报告|文件|ppt).{0,3}",
    r"(?:给我)?(?:讲|说|来)(?:个|一个|段)?(?:笑话|故事|段子)|唱(?:个|首)?歌|陪我(?:聊天|聊聊|说话|玩)|(?:我)?(?:好)?无聊|(?:聊|唠)(?:会儿?|聊|一会儿?)?天?",
    r"(?:[\u4e00-\u9fff]{2,4})?(?:的)?天气(?:怎么样|如何|预报|好吗|好不好)?|(?:今天|明天)(?:会)?(?:下雨|下雪|冷|热)(?:吗|不)?",
    r"(?:你|您)?(?:吃(?:饭|了|早饭|午饭|晚饭)(?:了)?(?:吗|没|没有))|(?:你|您)(?:多大|几岁|贵姓|叫啥|是男|是女|结婚|有对象|喜欢|累不累|累吗|开心|住哪).{0,6}",
    r"(?:现在)?几点(?:了|钟了?)?|今天(?:是)?(?:几号|星期几|周几|什么日子|几月几号)|(?:新年|中秋|春节|节日|元旦|生日|国庆|端午|周末)(?:快乐|愉快)",
    r"(?:是)?(?:谁|哪家|哪个公司|什么公司)(?:开发|做|制作|设计|创造|搞|运营|维护)(?:的|了)?(?:你|这个|公众号|系统)?",
)


async def fee(turn: Turn, context: Context) -> Answer:
    """Say whether anything costs money here."""
    return Answer.of("fee", f"在这里查询政策、订阅提醒、咨询工作人员都免费。需要人帮忙请回复 {tap('人工')}。")


async def agent(turn: Turn, context: Context) -> Answer:
    """Tell somebody who looks for an agent that one applies by oneself, and that a person here helps with questions."""
    return Answer.of(
        "agent",
        "申报由企业自己向负责部门提交，不用找人代办；这里不代报材料，也不推荐代办机构，查询和咨询都免费。\n"
        "想知道一条政策的条件、材料和负责部门，直接说政策名或条号；"
        f"拿不准怎么准备，可以回复 {tap('人工')} 请工作人员帮您问。",
    )


_AGENT = (
    r"(?=.{0,24}(?:帮|替|代|找|请|雇|收费|要多少钱|靠谱))(?:我|我们|公司)?(?:能不能|可不可以|可以|能|想|要|有没有|有|需要|得|打算){0,3}(?:找|请|雇|花钱找|委托|推荐|介绍)(?:个|一个|一家|家|些|几个)?(?:人|代理|中介|机构|代办|代理公司|中介公司|第三方|专业的?人?|懂的人|服务公司|咨询公司|代办公司|代理机构|代办机构){1,2}"
    r"(?:来)?(?:帮|给|替|代)?(?:我|我们)?(?:去|来)?(?:代)?(?:报|申报|申请|弄|办|写|做|准备|整理|跑|搞)?(?:一下|个)?(?:政策|材料|补贴|项目|手续|申请|申报|资料|高企|奖励)?(?:的)?(?:吗|么|行不行|可以吗|要多少钱|多少钱|怎么收费|收费吗|靠谱吗)?",
    r"(?:那)?(?:你们?|您|你这边|这里|机器人)(?:能不能|可不可以|能|可以|会|直接){1,3}(?:直接)?(?:帮|给|替|代)(?:我|我们|我们公司)(?:去|直接|来)?(?:申报|申请|报名|报|办理|办|弄|搞定|提交|交材料)(?:一下|了)?(?:吗|么|不)?",
    r"(?:你们|你|这里|这边)?(?:有没有|有|提供|推荐|做不做|做|能不能|可以|能)?(?:代理|代办|代报|代申报|代写|中介)(?:申报|申请|材料|的)?(?:服务|机构|公司|费|费用|推荐|多少钱|要多少钱|怎么收费|收费){1,2}(?:吗|么|没有|没|不|推荐)?",
)


async def chit_chat(turn: Turn, context: Context) -> Answer:
    """Answer small talk."""
    return Answer.of(
        "chit_chat",
        f"这个我帮不上，我只会查惠企政策。想了解哪方面可以直接说，也可以看 {tap('目录')}；需要人帮忙请回复 {tap('人工')}。",
    )


async def progress(turn: Turn, context: Context) -> Answer:
    """Answer how far an application is: the library does not know, and tells nobody about others."""
    return Answer.of(
        "progress",
        "哪家企业申请了、办到哪一步，这里查不到，也不对外提供。自己的办理进度请问受理的部门："
        f"告诉我是哪一条，我说它归谁管；也可以回复 {tap('人工')}。",
    )


async def statistics(turn: Turn, context: Context) -> Answer:
    """Answer how many have applied or got it: the library holds clauses, and no figures of earlier years."""
    return Answer.of(
        "statistics",
        "往年有多少家申报、通过率多少，这里没有收录，条文里也不写。可以问负责部门："
        f"告诉我是哪一条，我说它归谁管；也可以回复 {tap('人工')} 请工作人员帮您问。",
    )


_STATISTICS = (
    r"(?:去年|今年|往年|历年|前年|一般)?(?:的)?(?:申报|申请|评审|评选|审批)?(?:的)?(?:成功率|通过率|命中率|中标率|获批率|淘汰率)(?:高|低|大)?(?:不高|是多少|有多少|多少|怎么样|如何)?",
    r"(?:去年|今年|往年|历年|前年|目前)?(?:一共|总共|都)?(?:有)?(?:多少|几|哪些)(?:家|个)?(?:企业|公司)?(?:拿到|拿|通过|获批|入选|申请|申报|报|领)(?:到)?(?:过|了)(?:的)?(?:这个|补贴|奖励)?",
)
_DONE = r"(?:批|审|审核|审批|办|申请|申报|报|评|拿|领|通过|受理|公示)"
_PROGRESS = (
    rf"(?:你)?(?:帮我)?(?:查|看|问)?(?:一下|下)?(?:我们?|咱们?|我司|公司|隔壁|别人|别家|同行|他们|谁|哪些?家?|.{{2,8}}?公司|.{{2,8}}?厂)(?:的|家)?"
    rf"(?:申请|申报|材料|项目|补贴|奖补|高企)?(?:有没有|是不是|已经|都)?{_DONE}(?:上|到|下来|过|成|完|好)(?:了)?(?:没有|没|吗|么|不)(?:你)?(?:帮我)?(?:查|看)?(?:一下|下|看)?",
    r"(?:查(?:一下|下)?|我想查|怎么查|看看?)?(?:我们?|我司|公司)?(?:的)?(?:申请|申报|办理|审核|审批|材料)(?:的)?(?:进度|进展|结果|状态)(?:怎么查|在哪查|如何|怎么样|查询)?|(?:办|审|批)到哪(?:一步|了|里)",
)


COMMANDS = (
    Command("statistics", statistics, words=("通过率",), phrases=_STATISTICS, small_talk=True),
    Command("progress", progress, words=("办理进度",), phrases=_PROGRESS, small_talk=True),
    Command("greeting", greeting, words=("你好", "您好", "hello"), phrases=(_GREETINGS,), courtesy=True),
    Command("thanks", thanks, words=("谢谢", "好的"), phrases=(_ACKNOWLEDGED,), courtesy=True),
    Command(
        "goodbye",
        goodbye,
        words=("再见", "拜拜"),
        phrases=(
            r"(?:再见|拜拜?|bye(?:bye)?|88|886|晚安|回见|下次见|下次聊|先这样|走了|下线了){1,3}",
            "(?:thanks?(?:you)?|ok|okay)?(?:bye|goodbye|seeyou(?:later)?|haveaniceday)|thanksbye",
        ),
        courtesy=True,
    ),
    Command(
        "filler", filler, words=("等一下",), phrases=(_FILLERS, r"什么|啥|测试|试试?看?|test"), courtesy=True
    ),
    Command("remark", remark, phrases=_REMARKS, courtesy=True),
    Command("genuine", genuine, phrases=(_GENUINE,), small_talk=True),
    Command("anger", anger, words=("垃圾",), phrases=(_RUDE, _WRONG, _COMPLAINT, _NO_HELP), tact=True),
    Command(
        "fee",
        fee,
        words=("收费吗",),
        phrases=(
            r"(?:咨询|查询|问|这个|这里|你们|订阅|用|服务|申报|申请|办理){0,4}(?:要不要|要|需要|用)?(?:收费|收钱|花钱|付费|免费|交钱|要钱)(?:的)?(?:吗|么|不|吧)?",
        ),
        small_talk=True,
    ),
    Command("agent", agent, phrases=_AGENT, small_talk=True),
    Command("chit_chat", chit_chat, words=("讲个笑话",), phrases=_CHIT_CHAT, courtesy=True),
    Command("identity", identity, words=("你是谁", "机器人"), phrases=_IDENTITY, small_talk=True),
)
