"""The few invented people of the demo, and the institutions and firms they act for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """One person: the name to sign in with, its role, and the firm's key where the role has one."""

    username: str
    role: str
    name_fa: str
    name_en: str
    firm: str = ""
    province: str = ""  # in the programme; blank: the whole nation


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise or institution that is no beekeeper."""

    key: str
    name_fa: str
    name_en: str
    stage: str
    county: str
    form: str = "firm"
    is_commercial: bool = True
    workers: int = 5
    is_member: bool = True


CLUSTER = {
    "code": "lorestan-honey",
    "name_fa": "خوشه عسل لرستان",
    "name_en": "Lorestan honey cluster",
    "profile": "honey",
    "province": "IR-15",
    "place_fa": "استان لرستان، ایران",
    "place_en": "Lorestan province, Iran",
}

FIRMS = (
    Firm(
        "laboratory",
        "آزمایشگاه نمونه خرم‌آباد",
        "Sample Laboratory of Khorramabad",
        "laboratory",
        "Khorramabad",
        workers=12,
    ),
    Firm("supplier", "بازرگانی نمونه ظروف", "Sample Jar Trading", "input_supply", "Borujerd", workers=8),
    Firm(
        "union",
        "تعاونی نمونه زنبورداران",
        "Sample Beekeepers' Cooperative",
        "support",
        "Khorramabad",
        "institution",
        False,
        6,
    ),
    Firm("packer", "کارگاه نمونه بسته‌بندی دورود", "Sample Packing House of Dorud", "packing", "Dorud", workers=22),
    Firm("carrier", "باربری نمونه ازنا", "Sample Carriers of Azna", "transport", "Azna", workers=9),
    Firm(
        "park",
        "شرکت نمونه شهرک‌های صنعتی",
        "Sample Industrial Parks Company",
        "support",
        "Khorramabad",
        "institution",
        False,
        40,
    ),
    Firm(
        "importer", "واردکننده نمونه هامبورگ", "Sample Honey Import Hamburg", "trade", "", workers=30, is_member=False
    ),
    Firm("retailer", "فروشگاه‌های نمونه خلیج فارس", "Sample Gulf Stores", "retail", "", workers=60, is_member=False),
    Firm("tehran", "بسته‌بندی نمونه تهران", "Sample Packers of Tehran", "packing", "", workers=45, is_member=False),
)

# The first of each role is the login that is printed.
CAST = (
    Actor("agent", "agent", "نمونه، عامل خوشه", "Sample Agent"),
    Actor("member", "member", "نمونه، زنبوردار یکم", "Sample Beekeeper One", "member-1"),
    Actor("member2", "member", "نمونه، زنبوردار دوم", "Sample Beekeeper Two", "member-2"),
    Actor("supplier", "supplier", "نمونه، فروشنده نهاده", "Sample Supplier", "supplier"),
    Actor("laboratory", "laboratory", "نمونه، مسئول آزمایشگاه", "Sample Analyst", "laboratory"),
    Actor("buyer", "buyer", "نمونه، خریدار هامبورگ", "Sample Importer", "importer"),
    Actor("buyer2", "buyer", "نمونه، خریدار خلیج فارس", "Sample Retail Buyer", "retailer"),
    Actor("buyer3", "buyer", "نمونه، خریدار تهران", "Sample Tehran Buyer", "tehran"),
    Actor("officer", "officer", "نمونه، کارشناس برنامه", "Sample Officer"),
    Actor("auditor", "auditor", "نمونه، حسابرس", "Sample Auditor"),
    Actor("controller", "controller", "نمونه، ذی‌حساب", "Sample Controller"),
)

# The programme's people; the first is its founding officer.
NATION = (
    Actor("nation", "officer", "نمونه، کارشناس ملی", "Sample National Officer"),
    Actor("lorestan", "officer", "نمونه، کارشناس لرستان", "Sample Officer of Lorestan", province="IR-15"),
    Actor("deputy", "officer", "نمونه، معاون استان", "Sample Deputy", province="IR-15"),
    Actor("supervisor", "supervisor", "نمونه، ناظر فنی", "Sample Supervisor", province="IR-15"),
    Actor("committee", "committee", "نمونه، رئیس کمیته", "Sample Chair", province="IR-15"),
    Actor("inspector", "auditor", "نمونه، حسابرس برنامه", "Sample Programme Auditor"),
    Actor("treasurer", "controller", "نمونه، ذی‌حساب برنامه", "Sample Programme Controller"),
)
