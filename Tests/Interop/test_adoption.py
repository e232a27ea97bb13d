"""Rows that the reference system's own servers write, which know only its columns, are found, matched and kept in step."""

import pytest

from tools import CRM
from validate import schema_folder

MESSY = [  # (phone, email) as its servers store them
    ("(217) 555-0134", "Ann@Example.test"), ("309.555.0199", None), (None, "bob@example.test"), ("n/a", ""), ("5550111", " carl@example.test "), ("+44 20 7946 0018", None),
]


def write(database, name: str, phone, email, **more) -> str:
    """An INSERT with the reference's columns only."""
    columns = {"full_name": name, "phone": phone, "email": email, **more}
    statement = f"insert into contacts ({', '.join(columns)}) values ({', '.join(['%s'] * len(columns))}) returning id::text"
    return database.value(statement, *columns.values())


def test_rows_written_after_the_migration_are_found_and_matched(crm, database):
    ids = [write(database, f"Person {n}", *identity) for n, identity in enumerate(MESSY)]
    for search, n in (({"phone": "+1 217 555 0134"}, 0), ({"phone": "5550134"}, 0), ({"email": "ann@example.TEST"}, 0), ({"phone": "3095550199"}, 1), ({"email": "BOB@example.test"}, 2),
                      ({"email": "carl@example.test"}, 4), ({"phone": "+442079460018"}, 5), ({"query": "person 3"}, 3)):
        assert crm.search_contacts(**search)["contacts"][0]["id"] == ids[n], search
    for arguments, n in (({"phone": "217-555-0134"}, 0), ({"phone": "1 309 555 0199"}, 1), ({"email": "Bob@Example.test"}, 2), ({"phone": "+44 20 7946 0018"}, 5)):
        made = crm.create_contact(full_name="Whoever", **arguments)
        assert made["created"] is False and made["contact"]["id"] == ids[n], arguments
    assert crm.list_contacts()["total"] == len(MESSY)
    for id in ids:
        crm.get(id)


def test_the_references_statements_are_never_broken(crm, database):
    """It inserts a phone that one of ours has, and updates a row to it: both succeed, as they always did."""
    ours = crm.create("Ours", phone="217-555-0134", email="ours@example.test")
    twin = write(database, "Twin", "(217) 555-0134", "OURS@example.test")
    assert database.value("select count(*) from contacts") == 2
    other = write(database, "Other", "3095550199", None)
    database.sql("update contacts set phone = '217 555 0134', email = 'ours@example.test' where id = %s", other)
    assert crm.get(ours["id"])["phone_e164"] == "+12175550134"
    found = {c["id"] for c in crm.search_contacts(phone="2175550134")["contacts"]}
    assert found == {ours["id"], twin, other}
    made = crm.create_contact(full_name="Ours", phone="+12175550134")
    assert made["created"] is False and made["contact"]["id"] == ours["id"]


def test_a_changed_phone_of_theirs_is_the_one_that_counts(crm, database):
    id = write(database, "Ann", "217-555-0134", "ann@example.test")
    database.sql("update contacts set phone = '309-555-0199', email = null, updated_at = now() where id = %s", id)
    assert crm.create("New", phone="3095550199")["id"] == id
    assert crm.create("Other", phone="2175550134")["id"] != id
    assert crm.search_contacts(email="ann@example.test")["found"] is False


def test_a_row_they_delete_is_gone(crm, database):
    id = write(database, "Ann", "217-555-0134", None)
    database.sql("insert into contact_interactions (contact_id, interaction_type, summary) values (%s, 'call', 'x')", id)
    assert crm.get_interactions(contact_id=id)["count"] == 1
    database.sql("delete from contacts where id = %s", id)
    assert crm.get_contact(contact_id=id)["found"] is False
    assert crm.list_contacts()["total"] == 0
    assert crm.create_contact(full_name="Ann", phone="2175550134")["created"] is True


def test_values_only_they_would_write_do_not_break_a_reader(crm, database):
    id = write(database, "Odd", "x" * 32, "not an address", status="banana", contact_type="alien", source=None, tags=None, metadata=None)
    contact = crm.get_contact(contact_id=id)["contact"]
    assert (contact["status"], contact["contact_type"], contact["tags"], contact["metadata"]) == ("banana", "alien", [], {})
    database.sql("update contacts set metadata = '[1,2]', tags = '{a,NULL,b}', status = 'active' where id = %s", id)
    assert crm.get_contact(contact_id=id)["found"] is True
    assert crm.list_contacts()["total"] == 1
    database.sql("insert into contact_interactions (contact_id, interaction_type, summary) values (%s, 'smoke signal', null)", id)
    assert crm.get_interactions(contact_id=id)["count"] == 1


def test_a_database_that_the_reference_made_and_filled(empty, launch):
    """Its tables, its duplicates in several formats: one contact each afterwards, and no interaction without its person."""
    folder = schema_folder()
    reference = folder / "reference.sql" if folder else None
    if reference is None:
        pytest.skip("../shared/schema/reference.sql is not there")
    empty.sql("set role app")
    for statement in reference.read_text().split(";\n"):
        if statement.strip():
            empty.sql(statement)
    forms = ["217-555-{:04}", "(217) 555-{:04}", "+1217555{:04}", "1 217 555 {:04}"]
    for n in range(40):
        for form in range(n % 4 + 1):
            id = write(empty, f"Person {n}", forms[form].format(n), f"Person{n}@Example.test" if form % 2 else None, status="archived" if form == 3 else "active")
            empty.sql("insert into contact_interactions (contact_id, interaction_type, summary) values (%s, 'call', %s)", id, f"{n}")
            empty.sql("insert into call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id) values ('CA', '1', '2', 'x', %s)", id)
    interactions = empty.value("select count(*) from contact_interactions")
    server = launch("--toolsets", "all", on=empty)
    crm = CRM(server)
    for n in range(40):
        found = crm.search_contacts(phone=forms[1].format(n))
        living = [c for c in found["contacts"] if "merged_into" not in c["metadata"]]
        assert len(living) == 1, found
        mine = crm.get_interactions(contact_id=living[0]["id"], limit=200)
        assert mine["count"] == n % 4 + 1 and {i["summary"] for i in mine["interactions"]} == {str(n)}
    assert empty.value("select count(*) from contact_interactions") == interactions
    assert empty.value("select count(*) from call_transcripts where contact_id is null") == 0
    server.end()
    before = empty.sql("select id::text, xmin::text from contacts order by 1")
    server = launch(on=empty)
    CRM(server).list_contacts()
    server.end()
    assert empty.sql("select id::text, xmin::text from contacts order by 1") == before, "a second start changes nothing"


@pytest.mark.parametrize("columns", ["full_name", "full_name, phone", "full_name, email, business_context_id"])
def test_the_references_smallest_inserts_work(crm, database, columns):
    values = ", ".join(f"'{c}'" for c in columns.split(", "))
    database.sql(f"insert into contacts ({columns}) values ({values})")
    assert crm.list_contacts()["total"] == 1
