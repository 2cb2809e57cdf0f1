"use strict";

const make = (name, text, ...children) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};

const nameOf = (schema) => {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const parts = schema.oneOf || schema.anyOf;
  if (parts) return parts.map(nameOf).join(" or ");
  if (schema.type === "array") return `list of ${nameOf(schema.items)}`;
  return [].concat(schema.type || "anything").join(" or ");
};

const anchored = (schema) => {
  const name = nameOf(schema);
  const id = name.replace(/^list of /, "").split(" or ").pop();
  if (!/^[A-Z]/.test(id)) return make("span", name);
  const link = make("a", name);
  link.href = `#${id}`;
  return link;
};

const table = (heads, rows) => {
  const head = make("thead", "", make("tr", "", ...heads.map((text) => make("th", text))));
  const body = make("tbody", "", ...rows.map((cells) => make("tr", "", ...cells.map((cell) => make("td", "", cell)))));
  return make("table", "", head, body);
};

const bodyOf = (content) => {
  const [type, media] = Object.entries(content || {})[0] || [];
  if (!type) return "";
  return make("span", "", make("code", type), " ", anchored(media.schema));
};

const operation = (path, method, about) => {
  const section = make("section", "");
  section.append(make("h2", "", make("code", `${method.toUpperCase()} ${path}`)));
  section.append(make("p", about.summary || ""));
  if (about.description && about.description !== about.summary) section.append(make("p", about.description));
  const parameters = (about.parameters || []).map((one) => [make("code", one.name), one.description || ""]);
  if (parameters.length) section.append(table(["Query", ""], parameters));
  if (about.requestBody) section.append(make("p", "Takes ", bodyOf(about.requestBody.content)));
  const answers = Object.entries(about.responses || {});
  section.append(table(["Status", "", "Body"], answers.map(([status, one]) => [status, one.description, bodyOf(one.content)])));
  return section;
};

const schema = (name, about) => {
  const section = make("section", "");
  section.id = name;
  section.append(make("h2", name), make("p", about.description || ""));
  const fields = Object.entries(about.properties || {});
  const needed = about.required || [];
  const row = ([field, one]) => [
    make("code", field), anchored(one), needed.includes(field) ? "always" : "", one.description || "",
  ];
  if (fields.length) section.append(table(["Field", "Type", "", ""], fields.map(row)));
  if (about.enum) section.append(make("p", about.enum.join(", ")));
  return section;
};

fetch("/openapi.json").then((answer) => answer.json()).then((api) => {
  document.getElementById("about").textContent = api.info.description;
  const main = document.getElementById("operations");
  main.replaceChildren();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, about] of Object.entries(methods)) main.append(operation(path, method, about));
  }
  for (const [name, about] of Object.entries(api.components.schemas)) main.append(schema(name, about));
});
