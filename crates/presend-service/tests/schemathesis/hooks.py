"""What schemathesis has to be told of NDJSON, where each line is answered by itself."""

import json

import schemathesis
from schemathesis.core.parameters import ParameterLocation

NDJSON = "application/x-ndjson"


@schemathesis.serializer(NDJSON)
def one_line(context, value):
    return json.dumps(value).encode() + b"\n"


@schemathesis.deserializer(NDJSON)
def answer_of_one_line(context, response):
    return json.loads(response.content)


@schemathesis.check
def answered_by_line(context, response, case):
    """A line that the description allows has an outcome, another a problem; a query that it does not allow is refused."""
    if case.operation.path != "/v1/stream" or case.method != "POST" or case.meta is None:
        return
    if case.meta.is_negative_at(ParameterLocation.QUERY):
        assert response.status_code != 200, "a query that the description does not allow is taken"
    elif response.status_code == 200:
        line = json.loads(response.content)
        has_problem = case.meta.is_negative_at(ParameterLocation.BODY)
        assert ("error" in line) == has_problem, "the line's answer is not what the description says"
        assert ("outcome" in line) != has_problem, "the line's answer is not what the description says"
