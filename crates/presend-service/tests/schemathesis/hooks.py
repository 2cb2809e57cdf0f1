"""What schemathesis has to be told of NDJSON, where each line is answered by itself."""

import json

import jsonschema_rs
import schemathesis

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
    if case.operation.path != "/v1/stream" or case.method != "POST" or response.status_code >= 500:
        return
    description = case.operation.schema.raw_schema
    operation = description["paths"]["/v1/stream"]["post"]

    def allows(schema, value):
        whole = {**schema, "components": description["components"]}
        return jsonschema_rs.is_valid(whole, value, validate_formats=True)

    parameters = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}
    for name, given in case.query.items():
        # What goes into the address: nothing for null, a parameter for each of a list.
        values = [str(value) for value in (given if isinstance(given, list) else [given]) if value is not None]
        if values and (name not in parameters or len(values) > 1 or not allows(parameters[name], values[0])):
            assert response.status_code != 200, "a query that the description does not allow is taken"
            return
    if response.status_code == 200:
        line = json.loads(response.content)
        is_allowed = allows(operation["requestBody"]["content"][NDJSON]["schema"], case.body)
        assert ("outcome" in line, "error" in line) == (is_allowed, not is_allowed), "the line's answer is another"
