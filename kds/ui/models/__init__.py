"""Qt models that mirror the session, change by change."""

from kds.ui.models.frame import FrameCoalescer
from kds.ui.models.keyed import ITEM_ROLE, KEY_ROLE, KeyedListModel
from kds.ui.models.notices import NoticeModel
from kds.ui.models.orders import OrderModel
from kds.ui.models.people import PeopleModel
from kds.ui.models.stock import StockModel
from kds.ui.models.tickets import TicketModel

__all__ = [
    "ITEM_ROLE",
    "KEY_ROLE",
    "FrameCoalescer",
    "KeyedListModel",
    "NoticeModel",
    "OrderModel",
    "PeopleModel",
    "StockModel",
    "TicketModel",
]
