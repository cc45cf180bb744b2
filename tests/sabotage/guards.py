"""Every guard that has to be caught when it is taken out."""

from tests.sabotage.guard import Change, Guard, guard

_CREATION = "api/sync/exports/creation.py"
_DRAIN = "api/sync/exports/drain.py"
_GRANTS = "api/sync/connections/grants.py"
_LEASE = "api/platform/db/lease.py"
_MIGRATION = "migrations/versions/2026_11_22_1100_first_schema.py"
_PREPARING = "api/sync/exports/preparing.py"
_RECOVERY = "api/sync/writes/recovery.py"
_SENDING = "api/sync/writes/sending.py"
_FLIGHTS = "tests/sync/writes/test_flights.py"
_EXPORTS = "tests/sync/exports"
_WITHOUT_MIRROR = Change(_PREPARING, "        items = await _not_in_xero(work, gateway, run, items)\n", "")

_ATTEMPTS = (
    guard(
        "an attempt is committed before it is sent",
        f"{_EXPORTS}/test_crash_points.py::test_no_transaction_is_open_while_its_own_call_is_out",
        _DRAIN,
        "WriteKind.CREATE_INVOICES, batch, group_id=run_id)\n",
        "WriteKind.CREATE_INVOICES, batch, group_id=run_id)\n"
        "                    call = _ADAPTERS[attempt.kind].call\n"
        "                    await call(gateway.client(), attempt, before_sending=lambda: None)\n",
    ),
    guard(
        "from its commit on, an attempt counts as perhaps written",
        f"{_EXPORTS}/test_sending.py::"
        "test_a_worker_that_was_overtaken_does_not_call_an_attempt_unsent_that_its_successor_sent",
        "api/sync/writes/attempts.py",
        "    move(row, STEP_TRANSITIONS, NextStep.LOOK_UP)\n",
        "",
    ),
    guard(
        "what was prepared is not sent after a call that failed",
        f"{_FLIGHTS}::test_what_was_prepared_is_not_sent_after_a_call_that_failed_and_goes_in_the_next_turn",
        "api/sync/writes/turns.py",
        "            self.are_closed = True\n",
        "",
    ),
    guard(
        "an attempt that waited long is prepared once more, which sees a cancellation",
        f"{_FLIGHTS}::test_what_waited_long_is_not_sent_when_the_run_was_cancelled_meanwhile",
        _SENDING,
        "else await prepare_again(gateway, lease, adapter, attempt)\n",
        "else attempt\n",
    ),
    guard(
        "bytes are sent again under the key that was committed with them",
        f"{_EXPORTS}/test_drain.py::test_preferences_changed_while_a_batch_waits_do_not_change_its_bytes",
        "api/sync/writes/attempts.py",
        "        key=row.idempotency_key,\n",
        "        key=str(uuid7()),\n",
    ),
    guard(
        "Xero is asked what it holds before anything is sent again",
        "tests/sync/writes/test_leases.py::"
        "test_a_reply_lost_before_the_databases_clock_was_set_back_is_looked_up_and_not_replayed",
        _RECOVERY,
        "if row.next_step == NextStep.SEND or await _look_up(",
        "if row.next_step != NextStep.PROVE or await _look_up(",
    ),
    guard(
        "a look-up starts before the sending by Xero's clock, not by ours",
        f"{_EXPORTS}/test_absence.py::test_a_bill_is_looked_for_by_the_clock_of_xero_when_ours_is_fast",
        "api/sync/writes/attempts.py",
        "row.first_sent_at, row.sent_after = row.last_sent_at, await gateway.heard_at()",
        "row.first_sent_at, row.sent_after = row.last_sent_at, row.last_sent_at",
    ),
    guard(
        "nothing is sent again after five minutes",
        f"{_EXPORTS}/test_sending.py::test_nothing_is_sent_again_when_xero_may_have_forgotten_the_key",
        _RECOVERY,
        "            and asked_at - attempt.sent_after < gateway.timing.replay_window\n",
        "",
    ),
    guard(
        "nothing is sent again after two server errors",
        f"{_EXPORTS}/test_sending.py::test_a_request_that_xero_works_off_minutes_after_we_gave_up_is_not_sent_twice",
        _SENDING,
        "        if row.server_errors >= ENOUGH_ERRORS:\n            move(row, STEP_TRANSITIONS, NextStep.PROVE)\n",
        "",
    ),
    guard(
        "a refusal of bytes that were sent before proves nothing",
        f"{_EXPORTS}/test_sending.py::"
        "test_a_refused_replay_of_a_bill_that_was_never_written_is_sent_again_after_the_quiet_period",
        _SENDING,
        "        if attempt.was_uncertain:\n            # An earlier",
        "        if False:\n            # An earlier",
    ),
    guard(
        "absence is certain only after the quiet period",
        f"{_EXPORTS}/test_sending.py::test_a_request_that_xero_works_off_minutes_after_we_gave_up_is_not_sent_twice",
        _RECOVERY,
        "return quiet_since is not None and instant >= quiet_since + gateway.timing.quiet_period",
        "return True",
    ),
    guard(
        "after an export was stopped nothing of it is sent again",
        f"{_EXPORTS}/test_cancelling.py::test_what_is_in_doubt_is_only_looked_up_after_the_export_was_stopped",
        _CREATION,
        "may_be_sent=run.cancel_requested_at is None",
        "may_be_sent=True",
    ),
    guard(
        "an element stands in one open attempt (index)",
        f"{_EXPORTS}/test_constraints.py::test_an_invoice_stands_in_one_open_attempt",
        _MIGRATION,
        '        ["element_id"],\n        unique=True,\n',
        '        ["element_id"],\n        unique=False,\n',
    ),
)

_LEASES = (
    guard(
        "a lease is taken only while nobody holds it",
        "tests/sync/writes/test_leases.py::test_a_second_worker_gets_no_lease_while_the_first_one_works",
        _LEASE,
        ".where(row, is_free(table, timing), *conditions)",
        ".where(row, *conditions)",
    ),
    guard(
        "a worker whose lease was taken over commits no attempt (fence)",
        "tests/sync/writes/test_leases.py::test_a_worker_that_lost_its_lease_commits_no_new_attempt",
        _LEASE,
        ".where(self._row, self._table.fence == self.fence)",
        ".where(self._row)",
    ),
    guard(
        "a worker whose lease was taken over does not call an attempt unsent",
        f"{_EXPORTS}/test_sending.py::"
        "test_a_worker_that_was_overtaken_does_not_call_an_attempt_unsent_that_its_successor_sent",
        _SENDING,
        "    async with lease.work() as work:  # a worker that took over may have sent the same bytes meanwhile\n",
        "    async with gateway.work() as work:\n",
    ),
    guard(
        "a lease is renewed while its worker works",
        "tests/sync/writes/test_leases.py::test_a_worker_that_works_longer_than_the_lease_keeps_it",
        "api/sync/writes/lease.py",
        "        async with renewing(database, SYSTEM, taken):\n            yield lease\n",
        "        yield lease\n",
    ),
    guard(
        "just before the first byte the lease was renewed a short time ago",
        "tests/sync/writes/test_leases.py::"
        "test_a_worker_that_was_paused_before_sending_sends_nothing_and_is_due_again[lease-7.5]",
        _SENDING,
        "    lease.lease.require_fresh()\n",
        "",
    ),
    guard(
        "just before the first byte the attempt was prepared a short time ago",
        "tests/sync/writes/test_leases.py::"
        "test_a_worker_that_was_paused_before_sending_sends_nothing_and_is_due_again[attempt-10.5]",
        _SENDING,
        "    if time.monotonic() - attempt.prepared_at > gateway.timing.attempt_seconds:\n        raise LeaseLost\n",
        "",
    ),
)

_ABSENCE = (
    Guard(
        "a bill is looked for by its marker (first read), and before a write in the mirror",
        f"{_EXPORTS}/test_absence.py::test_a_bill_whose_date_somebody_changed_in_xero_is_known_by_its_marker",
        (
            Change(
                _CREATION,
                "known, missing = placed(sent, listing.elements)",
                'known, missing = placed(sent, [each for each in listing.elements if each.type != "ACCPAY"])',
            ),
            _WITHOUT_MIRROR,
        ),
    ),
    guard(
        "a bill is looked for among its supplier's bills of its date (second read)",
        f"{_EXPORTS}/test_absence.py::test_a_bill_that_the_list_of_changes_lacks_is_seen_among_its_suppliers_bills",
        _CREATION,
        "        await self._prove_absent(gateway, client, [entry for entry in missing if entry.is_bill], outcomes)\n",
        "        outcomes.again |= {entry.item_id for entry in missing}\n",
    ),
    guard(
        "a bill like ours without our marker is for a person to decide",
        f"{_EXPORTS}/test_absence.py::test_a_bill_like_ours_without_our_marker_is_for_a_person_to_decide",
        _CREATION,
        "elif own or alike:",
        "elif own:",
    ),
    guard(
        "an invoice is not absent from a list with an unreadable element (first read)",
        f"{_EXPORTS}/test_absence.py::test_an_unreadable_element_of_a_list_proves_no_absence[customer]",
        _CREATION,
        "if not missing or not listing.complete or not is_quiet(asked_at):",
        "if not missing or not is_quiet(asked_at):",
    ),
    guard(
        "a bill is not absent from a list with an unreadable element (second read)",
        f"{_EXPORTS}/test_absence.py::test_an_unreadable_element_of_a_list_proves_no_absence[supplier]",
        _CREATION,
        "elif listing.complete:",
        "else:",
    ),
    guard(
        "a list with an unreadable element is not complete",
        "tests/xero/test_lists.py::test_an_unreadable_document_makes_a_list_incomplete_and_moves_no_other",
        "api/xero/paging.py",
        "complete = not shrank and not unreadable",
        "complete = not shrank",
    ),
    guard(
        "a list is read in an order that edits cannot change",
        "tests/xero/test_lists.py::test_documents_of_this_app_are_listed_by_id_in_any_status_with_lines",
        "api/xero/client.py",
        'return {**filters, "order": order, **(',
        "return {**filters, **(",
    ),
)

_DOCUMENTS = (
    guard(
        "two bills of ours with one number are not sent before a person says what they are",
        f"{_EXPORTS}/test_twin_bills.py::test_an_export_that_names_two_bills_of_one_number_holds_both_as_the_check_does",
        _PREPARING,
        "    return Surroundings(twins=twins, ",
        "    return Surroundings(",
    ),
    guard(
        "an element of a reply is assigned by its position only while the order is proven",
        f"{_EXPORTS}/test_results.py::test_twin_bills_without_addresses_go_by_place_only_while_the_order_holds",
        "api/sync/exports/results.py",
        "elif in_order and sent[position] in waiting",
        "elif sent[position] in waiting",
    ),
    guard(
        "a number that is taken may be our own document's",
        f"{_EXPORTS}/test_sending.py::test_a_number_that_our_own_late_document_has_taken_is_that_invoice",
        "api/sync/exports/results.py",
        "return next(iter(entry.own_among(taken)), None) or _refusals(entry, answer)",
        "return _refusals(entry, answer)",
    ),
    Guard(
        "what Xero has with the marker of an invoice is not sent (mirror)",
        f"{_EXPORTS}/test_restored_backup.py::"
        "test_a_bill_of_a_run_that_was_under_way_at_the_backup_is_recognised_by_its_marker",
        (_WITHOUT_MIRROR,),
    ),
    guard(
        "the marker is the invoice's id, the same in every export",
        f"{_EXPORTS}/test_restored_backup.py::"
        "test_a_bill_that_was_sent_after_the_backup_and_is_exported_again_is_recognised",
        _PREPARING,
        "url = marker(gateway.base_url, item.invoice_id)",
        "url = marker(gateway.base_url, item.id)",
    ),
    guard(
        "an invoice that has a link is not sent",
        f"{_EXPORTS}/test_constraints.py::test_an_invoice_that_has_a_link_is_not_sent",
        _PREPARING,
        "        linked = {item: document_id for item, document_id in pending.items() if document_id is not None}\n",
        "        linked: dict[ExportItem, UUID] = {}\n",
    ),
    guard(
        "an invoice is linked once (constraint)",
        f"{_EXPORTS}/test_constraints.py::test_an_invoice_is_linked_once",
        _MIGRATION,
        '        sa.UniqueConstraint("organisation_id", "invoice_id", '
        'name=op.f("uq_invoice_links_organisation_id_invoice_id")),\n',
        "",
    ),
    guard(
        "a document is linked once (constraint)",
        f"{_EXPORTS}/test_constraints.py::test_a_document_is_linked_once",
        _MIGRATION,
        "        sa.UniqueConstraint(\n"
        '            "organisation_id", "xero_invoice_id", '
        'name=op.f("uq_invoice_links_organisation_id_xero_invoice_id")\n'
        "        ),\n",
        "",
    ),
)

_STARTING = (
    guard(
        "an invoice stands in one open item (index)",
        f"{_EXPORTS}/test_constraints.py::test_an_invoice_stands_in_one_open_export",
        _MIGRATION,
        '        ["invoice_id"],\n        unique=True,\n',
        '        ["invoice_id"],\n        unique=False,\n',
    ),
    guard(
        "of two clicks at once the second waits for the first (row locks)",
        f"{_EXPORTS}/test_sending.py::test_two_clicks_at_once_start_one_export",
        "api/records/invoices/repository.py",
        "return (await self.session.execute(statement.order_by(Invoice.id).with_for_update())).all()",
        "return (await self.session.execute(statement.order_by(Invoice.id))).all()",
    ),
    guard(
        "an invoice is checked again just before it is sent",
        f"{_EXPORTS}/test_drain.py::test_an_invoice_that_became_invalid_while_waiting_is_rejected_and_not_sent",
        _PREPARING,
        "if obstacles := _obstacles(export_input, context, around):",
        "if obstacles := list[Problem]():",
    ),
    guard(
        "the end of an export is notified once",
        f"{_EXPORTS}/test_constraints.py::test_the_end_of_an_export_is_notified_once",
        "api/sync/exports/recording.py",
        '        once=f"export:{run.id}",\n',
        "",
    ),
    guard(
        "a notification of the same event is published once",
        "tests/records/test_notifications.py::test_the_same_event_is_published_once",
        "api/records/notifications/repository.py",
        '"request_id", "once")',
        '"request_id")',
    ),
)

_CONTACTS = (
    guard(
        "a contact is looked for by our number before it is created again",
        "tests/sync/contacts/test_linking.py::test_a_contact_whose_reply_was_lost_is_found_by_our_number",
        "api/sync/contacts/creation.py",
        "rows = await MirrorContactRepository(work).numbered(list(numbers))",
        "rows = await MirrorContactRepository(work).numbered([])",
    ),
    guard(
        "a name or number that is taken may be our own contact's",
        "tests/sync/contacts/test_linking.py::"
        "test_a_contact_somebody_types_into_xero_at_the_same_moment_is_linked_not_overwritten",
        "api/sync/contacts/creation.py",
        "            await self._look_up_clashing(gateway, clashing, outcomes)\n",
        "            outcomes.refused |= {contact_id: [clashing[contact_id]] for contact_id in clashing}\n",
    ),
    guard(
        "a contact with our number is ours, whatever its name",
        "tests/sync/contacts/test_matching.py::test_our_number_comes_before_the_name",
        "api/sync/contacts/matching.py",
        "    if numbered:\n        return _numbered(ours, numbered, among)\n",
        "",
    ),
    guard(
        "a person with another e-mail address is not linked by name",
        "tests/sync/contacts/test_matching.py::test_a_person_of_the_name_with_another_email_address_is_asked_about",
        "api/sync/contacts/matching.py",
        "if contradicts(ours, theirs):",
        "if False:",
    ),
    guard(
        "another way of naming persons answers no question",
        "tests/sync/contacts/test_held_questions.py::test_another_way_of_naming_persons_does_not_answer_the_question",
        "api/sync/contacts/mapping.py",
        "        asked_as=view.asked_as,\n",
        "",
    ),
)

_PUSHES = (
    guard(
        "a field that was changed in Xero too is not sent",
        "tests/sync/contacts/pushes/test_pushing.py::"
        "test_a_field_changed_on_both_sides_stays_as_xero_has_it_until_somebody_decides",
        "api/sync/contacts/ownership.py",
        'return "sent" if _text(there) == _text(base.theirs.get(field)) else "undecided"',
        'return "sent"',
    ),
    guard(
        "a change in doubt is not sent again over what somebody wrote since",
        "tests/sync/contacts/pushes/test_pushing.py::"
        "test_a_change_whose_request_was_lost_is_not_sent_over_what_somebody_wrote_since",
        "api/sync/contacts/pushes/changing.py",
        "            elif (problem := _foreign_change(subject, sent)) is not None:\n"
        "                outcomes.review[contact_id] = [problem]\n",
        "",
    ),
    guard(
        "a change whose name Xero refused is not sent again while nothing has changed",
        "tests/sync/contacts/pushes/test_clashes.py::test_a_refused_name_is_not_sent_again_and_needs_a_look",
        "api/sync/contacts/pushes/clashes.py",
        "        if now == subject.refused_write:\n            still.add(subject.view.id)\n",
        "",
    ),
)

_TOKENS = (
    guard(
        "the refresh token before the last one is tried",
        "tests/sync/connections/test_grants.py::"
        "test_a_refresh_token_that_xero_does_not_know_is_replaced_with_the_one_before",
        _GRANTS,
        "            if opened.previous_token is None:\n                raise\n",
        "            raise\n",
    ),
    guard(
        "a new pair of tokens is stored only under the lease (fence)",
        "tests/sync/connections/test_grants.py::"
        "test_a_worker_that_lost_its_lease_while_it_refreshed_does_not_store_its_pair",
        _GRANTS,
        "            is_stored = await lease.release(\n",
        "            row = await GrantRepository(work).with_previous(self._grant_id)\n"
        "            lease.fence = row[0].fence\n"
        "            is_stored = await lease.release(\n",
    ),
    guard(
        "the lease of a refresh is renewed",
        "tests/sync/connections/test_grants.py::test_a_refresh_that_takes_longer_than_the_lease_keeps_it",
        _GRANTS,
        "            async with renewing(self._database, SYSTEM, lease):\n"
        "                tokens = await self._exchange(opened)\n",
        "            tokens = await self._exchange(opened)\n",
    ),
    guard(
        "one process at a time refreshes the tokens of a grant",
        "tests/sync/connections/test_grants.py::test_two_hundred_calls_at_once_cost_one_refresh",
        _LEASE,
        ".where(row, is_free(table, timing), *conditions)",
        ".where(row, *conditions)",
    ),
)

GUARDS: tuple[Guard, ...] = (*_ATTEMPTS, *_LEASES, *_ABSENCE, *_DOCUMENTS, *_STARTING, *_CONTACTS, *_PUSHES, *_TOKENS)
