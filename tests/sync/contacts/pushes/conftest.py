"""A business that pushes its contacts."""

import pytest

from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.pushes.pushing import Pusher


@pytest.fixture
def pusher(business: ConnectedBusiness) -> Pusher:
    return Pusher(business)
