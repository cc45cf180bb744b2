"""The states of items, runs and invoices: one table each, and everything that repeats them says the same."""

import re
from contextlib import nullcontext
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from api.platform.db.base import Base
from api.platform.ids import decode
from api.platform.states import Transitions, move, sources_of
from api.records.contacts.models import Contact
from api.records.contacts.states import SYNC_TRANSITIONS, SyncState
from api.records.invoices.models import Invoice
from api.records.invoices.states import INVOICE_TRANSITIONS, ExportState
from api.sync.connections.models import Connection
from api.sync.connections.states import CONNECTION_TRANSITIONS, ConnectionState, ShownState
from api.sync.contacts.imports.models import ContactImport
from api.sync.contacts.imports.states import IMPORT_TRANSITIONS, OPEN_STATES
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.states import (
    COUNTED_AS,
    FINISHED_RUNS,
    ITEM_TRANSITIONS,
    ITEM_WORDS,
    OPEN_ITEMS,
    RUN_TRANSITIONS,
    STATE_OF_INVOICE,
    UNFINISHED_RUNS,
    ItemState,
    RunCount,
    RunState,
    count_items,
    finished_state,
)
from api.sync.writes.service import WaitingFor
from tests.sync.connected_business import ConnectedBusiness

ROOT = Path(__file__).parents[3]
TABLES: dict[str, Transitions[Any]] = {
    "item": ITEM_TRANSITIONS,
    "run": RUN_TRANSITIONS,
    "invoice": INVOICE_TRANSITIONS,
    "contact": SYNC_TRANSITIONS,
    "connection": CONNECTION_TRANSITIONS,
    "import": IMPORT_TRANSITIONS,
}


MODELS: dict[str, type[Base]] = {
    "item": ExportItem,
    "run": ExportRun,
    "invoice": Invoice,
    "contact": Contact,
    "connection": Connection,
    "import": ContactImport,
}


class Row:
    """A row with a state, as a table holds it."""

    def __init__(self, state: str) -> None:
        self.state = state


@pytest.mark.parametrize("name", TABLES)
def test_every_state_has_its_row_in_the_table(name: str) -> None:
    table = TABLES[name]
    states: Any = type(next(iter(table)))
    assert set(table) == set(states)


@pytest.mark.parametrize("name", TABLES)
def test_a_row_makes_the_transitions_of_its_table_and_no_other(name: str) -> None:
    table, model = TABLES[name], MODELS[name]
    for before, after in product(table, table):
        row = model(**{table.column: str(before)})
        if after == before or after in table[before]:
            move(row, table, after)
            assert getattr(row, table.column) == after
        else:
            with pytest.raises(AssertionError, match=f"^{before} may not become {after}$"):
                move(row, table, after)
            assert getattr(row, table.column) == before


async def test_all_items_of_a_run_make_the_transitions_of_the_table_and_no_other(business: ConnectedBusiness) -> None:
    run_id = decode("exp", await business.export(await business.invoice("INV-1", await business.company("Kauri"))))
    for before, after in product(ItemState, ItemState):
        await business.execute("UPDATE export_items SET state = :state", state=before)
        is_allowed = after == before or after in ITEM_TRANSITIONS[before]
        with nullcontext() if is_allowed else pytest.raises(AssertionError, match=f"^{before} may not become {after}$"):
            async with business.gateways.database.work(business.business_id) as work:
                await ExportItemRepository(work).move(run_id, (before,), after)
        [item] = await business.execute("SELECT state FROM export_items")
        assert item.state == (after if is_allowed else before)


def test_what_may_become_a_state_is_the_table_read_backwards() -> None:
    assert set(sources_of(INVOICE_TRANSITIONS, ExportState.EXCLUDED)) == {
        ExportState.NOT_EXPORTED,
        ExportState.VOIDED,
        ExportState.EXCLUDED,
    }


def test_a_transition_of_an_item_is_a_transition_of_its_invoice() -> None:
    for before, following in ITEM_TRANSITIONS.items():
        for after in following:
            ours, theirs = STATE_OF_INVOICE[before], STATE_OF_INVOICE[after]
            assert ours == theirs or theirs in INVOICE_TRANSITIONS[ours], f"{before} to {after}"


def test_final_states_are_those_that_count_as_settled() -> None:
    settled = {RunCount.EXPORTED, RunCount.REJECTED, RunCount.CANCELLED}
    assert {state for state in ItemState if not ITEM_TRANSITIONS[state]} == {
        state for state in ItemState if COUNTED_AS[state] in settled
    }
    assert set(OPEN_ITEMS) == {state for state in ItemState if ITEM_TRANSITIONS[state]}
    assert set(UNFINISHED_RUNS) == {state for state in RunState if RUN_TRANSITIONS[state]}


class Run(RuleBasedStateMachine):
    """Any order of legal steps of a run's items keeps its counts, and ends it once."""

    def __init__(self) -> None:
        super().__init__()
        self.run = Row(RunState.QUEUED)
        self.items = [Row(ItemState.PENDING) for _ in range(4)]

    @rule(index=st.integers(0, 3), choice=st.integers(0, 10))
    def step(self, index: int, choice: int) -> None:
        item = self.items[index]
        following = ITEM_TRANSITIONS[ItemState(item.state)]
        if following:
            move(item, ITEM_TRANSITIONS, following[choice % len(following)])
        final = finished_state(count_items(ItemState(item.state) for item in self.items))
        if final is not None:
            move(self.run, RUN_TRANSITIONS, final)

    @rule(after=st.sampled_from([RunState.RUNNING, RunState.WAITING]))
    def wait_or_go_on(self, after: RunState) -> None:
        if self.run.state not in FINISHED_RUNS:
            move(self.run, RUN_TRANSITIONS, after)

    @invariant()
    def the_counts_add_up(self) -> None:
        counts = count_items(ItemState(item.state) for item in self.items)
        assert sum(counts.values()) == len(self.items)

    @invariant()
    def a_run_is_finished_when_no_item_is_open(self) -> None:
        is_open = any(item.state in OPEN_ITEMS for item in self.items)
        assert is_open == (self.run.state not in FINISHED_RUNS)

    @invariant()
    def it_is_done_without_errors_only_when_all_are_exported(self) -> None:
        exported = all(item.state == ItemState.EXPORTED for item in self.items)
        assert exported == (self.run.state == RunState.DONE)


TestRun = Run.TestCase


@pytest.mark.parametrize(
    ("table", "column", "states"),
    [
        ("export_items", "state", ItemState),
        ("export_runs", "state", RunState),
        ("export_runs", "waiting_for", WaitingFor),
        ("invoices", "export_state", ExportState),
        ("contacts", "sync_state", SyncState),
        ("connections", "state", ConnectionState),
    ],
)
async def test_the_database_takes_these_states_and_no_other(
    business: ConnectedBusiness, table: str, column: str, states: Any
) -> None:
    rows = await business.execute(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'c' AND conname = :name",
        name=f"ck_{table}_{column}_known",
    )
    assert set(re.findall(r"'(\w+)'", rows[0].text)) == set(states)


@pytest.mark.parametrize(
    ("index", "states"),
    [
        ("uq_export_items_open_invoice", OPEN_ITEMS),
        ("ix_export_runs_open", UNFINISHED_RUNS),
        ("uq_contact_imports_open", OPEN_STATES),
    ],
)
async def test_the_partial_indexes_cover_the_open_states(business: ConnectedBusiness, index: str, states: Any) -> None:
    rows = await business.execute("SELECT indexdef FROM pg_indexes WHERE indexname = :name", name=index)
    assert set(re.findall(r"'(\w+)'", rows[0].indexdef)) == set(states)


def test_every_stored_connection_state_is_shown() -> None:
    assert {str(state) for state in ConnectionState} < {str(state) for state in ShownState}


@pytest.mark.parametrize(
    ("table", "introduction"),
    [
        ("item", "An export item:"),
        ("run", "An export run:"),
        ("invoice", "The export state of an invoice:"),
        ("contact", "The sync state of a contact:"),
        ("connection", "A connection:"),
        ("import", "An import of contacts:"),
    ],
)
def test_the_architecture_page_shows_the_same_transitions(table: str, introduction: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    rows = page.split(f"\n{introduction}\n\n")[1].split("\n\n")[0]
    documented = {
        state: set(re.findall(r"`(\w+)`", following))
        for state, following in re.findall(r"^\| `(\w+)` \|(.*)\|$", rows, re.MULTILINE)
    }
    assert documented == {str(state): {str(after) for after in row} for state, row in TABLES[table].items()}


def test_the_screens_use_the_same_words_for_items() -> None:
    source = (ROOT / "frontend" / "src" / "ui" / "states.ts").read_text()
    faces = source.split("  item: {")[1].split("  },")[0]
    assert dict(re.findall(r"(\w+): face\('([^']+)'", faces)) == {str(k): v for k, v in ITEM_WORDS.items()}
