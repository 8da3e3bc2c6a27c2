import { expect, it } from "vitest";
import { fieldErrors, formProblem } from "./fields";
import { Problem } from "./problem";
import { query } from "./request";

const refused = (errors: unknown) =>
  new Problem("/problems/malformed-request", "No", 422, "See.", { errors });

it("finds the field of each complaint, the first one first", () => {
  const errors = [
    { pointer: "/body/invitees/0/email", detail: "No address." },
    { pointer: "/body/title", detail: "Too long." },
    { pointer: "/body/title", detail: "And odd." },
    { pointer: "/query/cursor", detail: "Not ours." },
  ];
  expect(fieldErrors(refused(errors))).toEqual({ "invitees.0.email": "No address.", title: "Too long." });
});

it("makes nothing of what is no list of complaints", () => {
  expect(fieldErrors(refused("broken"))).toEqual({});
  expect(fieldErrors(refused([null, 1, { pointer: 3, detail: "x" }, {}]))).toEqual({});
  expect(fieldErrors(new TypeError("x"))).toEqual({});
});

it("asks only for what is set", () => {
  expect(query({ search: "a&b c", status: undefined, cursor: null, order: "" })).toBe("?search=a%26b+c");
  expect(query({})).toBe("");
});

it("says a refused form in the words of its fields, and leaves other problems alone", () => {
  const errors = ["/body/title", "/body/notes"].map((pointer) => ({ pointer, detail: "Too long." }));
  const problem = formProblem(refused(errors));
  expect(problem.detail).toBe("Too long. What you entered is kept.");
  expect(problem.status).toBe(422);
  const nothing = formProblem(refused([{ pointer: "/path/invitee_id", detail: "There is no address." }]));
  expect(nothing.detail, "what is no form keeps nothing").toBe("There is no address.");
  const gone = new Problem("/problems/not-found", "This is not here", 404, "It is gone.");
  expect(formProblem(gone)).toBe(gone);
});
