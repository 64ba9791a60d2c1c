from __future__ import annotations

import codecs
import json

import pytest

from funnelkpi.readers.open import open_sources


def test_list_of_objects(write, read_all):
    records = [
        {"ID": "7", "TITLE": "Сделка", "OPPORTUNITY": "19999.99", "CLOSED": "N"},
        {"ID": "6", "STAGE_ID": "C2:WON", "OPPORTUNITY": None, "UF_CRM_1": ["a", 1]},
    ]
    read = read_all(write("deals.json", json.dumps(records)))
    header = ("ID", "TITLE", "OPPORTUNITY", "CLOSED", "STAGE_ID", "UF_CRM_1")
    assert read.source.header == header
    assert read.cells == [
        ["7", "Сделка", "19999.99", "N", None, None],
        ["6", None, None, None, "C2:WON", '["a",1]'],
    ]
    assert (read.numbers, read.source.header_row) == ([1, 2], 0)
    assert read.source.sample == tuple(tuple(row) for row in read.cells)


RECORD = {"ID": 1, "NAME": "а"}
OTHER = {"ID": 2, "NAME": "б"}


@pytest.mark.parametrize(
    "answer",
    [
        [RECORD, OTHER],
        {"result": [RECORD, OTHER], "total": 2, "time": {"start": 1.5}},
        {"result": {"items": [RECORD, OTHER]}, "next": 50},
        {"_embedded": {"leads": [RECORD, OTHER]}, "_page": 1, "_links": {}},
        [{"result": [RECORD]}, {"result": [OTHER]}],
        [{"_embedded": {"events": [RECORD]}}, {"_embedded": {"events": [OTHER]}}],
        [[RECORD], [OTHER]],
        {"users": [RECORD, OTHER]},
    ],
)
def test_answers_of_the_apis(write, read_all, answer):
    read = read_all(write("a.json", json.dumps(answer)))
    assert (read.source.header, read.cells) == (("ID", "NAME"), [["1", "а"], ["2", "б"]])
    assert read.numbers == [1, 2]


def test_json_lines_with_bom(write, read_all):
    data = codecs.BOM_UTF8 + b'{"id": 1, "n": "a"}\n\n{"id": 2, "n": "b"}\n'
    assert read_all(write("a.jsonl", data)).cells == [["1", "a"], ["2", "b"]]


def test_single_record_line_and_utf16(write, read_all):
    assert read_all(write("a.json", '{"id": 1, "name": "Анна"}')).cells == [["1", "Анна"]]
    data = '[{"id": 1, "name": "Анна"}]'.encode("utf-16")
    assert read_all(write("b.json", data)).cells == [["1", "Анна"]]


def test_amocrm_lead(write, read_all):
    lead = {
        "id": 101,
        "price": 5000.0,
        "score": 0.5,
        "is_deleted": False,
        "closed_at": None,
        "custom_fields_values": [
            {
                "field_id": 1,
                "field_name": "Город",
                "values": [{"value": "Тверь"}, {"value": "Орёл"}],
            },
            {"field_id": 2, "field_name": "Город", "values": [{"value": 7, "enum_id": 3}]},
        ],
        "_links": {"self": {"href": "x"}},
        "_embedded": {
            "tags": [{"id": 1, "name": "ig"}, {"id": 2, "name": "target"}],
            "loss_reason": [{"id": 5, "name": "Дорого"}],
            "contacts": [{"id": 9, "is_main": True}],
            "companies": [{"id": 8, "name": "ООО Тест"}],
        },
    }
    other = {"id": 102, "custom_fields_values": None, "_embedded": {"tags": []}}
    read = read_all(write("leads.json", json.dumps({"_embedded": {"leads": [lead, other]}})))
    assert read.source.header == (
        "id",
        "price",
        "score",
        "is_deleted",
        "closed_at",
        "Город",
        "Город",
        "tags",
        "loss_reason",
        "contact_id",
        "company",
    )
    assert read.cells[0] == [
        "101",
        "5000",
        "0.5",
        "false",
        None,
        "Тверь, Орёл",
        "7",
        "ig, target",
        "Дорого",
        "9",
        "ООО Тест",
    ]
    assert read.cells[1] == ["102", *[None] * 10]


def test_amocrm_pipelines_give_a_row_per_status(write, read_all):
    statuses = [
        {"id": 142, "name": "Успешно реализовано", "sort": 10000, "type": 0},
        {"id": 77, "name": "Новая", "sort": 10, "type": 1},
    ]
    pipelines = [{"id": 3, "name": "Продажи", "sort": 1, "_embedded": {"statuses": statuses}}]
    read = read_all(write("p.json", json.dumps({"_embedded": {"pipelines": pipelines}})))
    assert read.source.header == (
        "pipeline_id",
        "pipeline_name",
        "status_id",
        "status_name",
        "sort",
        "type",
    )
    assert read.cells == [
        ["3", "Продажи", "142", "Успешно реализовано", "10000", "0"],
        ["3", "Продажи", "77", "Новая", "10", "1"],
    ]


def test_event_values_stay_json(write, read_all):
    event = {"id": "e1", "value_after": [{"lead_status": {"id": 142, "pipeline_id": 3}}]}
    read = read_all(write("e.json", json.dumps({"_embedded": {"events": [event]}})))
    assert read.cells == [["e1", '[{"lead_status":{"id":142,"pipeline_id":3}}]']]


def test_several_tables_in_one_dump(write):
    dump = {"deals": [{"ID": 1, "TITLE": "а"}], "users": [{"ID": 5, "NAME": "б"}], "made": "x"}
    opened = open_sources([write("dump.json", json.dumps(dump))]).sources
    assert [s.name for s in opened] == ["dump.json [deals]", "dump.json [users]"]
    assert [s.read([1]).table["1"].to_pylist() for s in opened] == [["а"], ["б"]]
    assert opened[1].read([0]).table["0"].to_pylist() == ["5"]


def test_no_records_is_said_by_the_file(write, read_all):
    read = read_all(write("a.json", '{"result": [], "total": 0}'))
    assert (read.source.header, read.source.empty_notice) == ((), "[]")
    assert read.columns.rows == 0


def test_what_is_no_record_is_told(write, read_all):
    read = read_all(write("a.json", '[{"id": 1, "n": 2}, null, "x"]'))
    assert read.cells == [["1", "2"]]
    assert read.codes["json_not_records"].count == 2


def test_invalid_json_points_to_the_place(write, refused):
    (problem,) = refused(write("a.json", '[\n {"id": 1},\n {"id": 2,, "n": 3}\n]')).problems
    assert problem.key == "errors_readers.invalid_json"
    assert problem.line == 3
    assert problem.excerpt == ' {"id": 2,, "n": 3}'
    assert problem.excerpt[problem.column - 1] == ","
    cut = refused(write("b.json", '{"result": [{"id": 1}, {"id'))
    assert cut.problems[0].line == 1


def test_bad_line_of_json_lines(write, refused):
    (problem,) = refused(write("a.jsonl", '{"id": 1}\n{"id": 2}\n{"id": \n')).problems
    assert (problem.key, problem.line) == ("errors_readers.invalid_json", 3)


def test_json_without_records(write, refused):
    (problem,) = refused(write("a.json", '{"error": "expired_token"}')).problems
    assert problem.key == "errors_readers.no_json_table"
