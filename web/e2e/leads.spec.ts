import { expect, test } from "@playwright/test";
import * as made from "./answers";
import { look } from "./look";
import * as data from "./review-data";

const base = {
  "GET /me": made.json(made.me),
  "GET /leads": made.json({ items: data.leads, next_cursor: null }),
  "GET /leads/lead-1": made.json(data.lead),
  "GET /leads/lead-1/history": made.json({ items: data.leadHistory }),
};

test.describe("leads", () => {
  test("are listed, searched and filtered, and the address keeps it", async ({ page }) => {
    await made.answer(page, base);
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/leads?") && asked.push(request.url()));
    await page.goto("/leads");
    await expect(page.getByTestId("lead-row")).toHaveCount(3);
    await look(page, "leads");
    await page.getByRole("searchbox", { name: "Search leads" }).fill("halden");
    await expect(page).toHaveURL(/search=halden/);
    await page.getByRole("combobox", { name: "Status" }).click();
    await page.getByRole("option", { name: "Qualified", exact: true }).click();
    await expect(page).toHaveURL(/status=qualified/);
    await expect.poll(() => asked.at(-1)).toMatch(/search=halden&status=qualified/);
  });

  test("that fit nothing, and none at all", async ({ page }) => {
    await made.answer(page, { ...base, "GET /leads": made.json({ items: [], next_cursor: null }) });
    await page.goto("/leads");
    await expect(page.getByText("No leads yet")).toBeVisible();
    await look(page, "leads-empty");
    await page.goto("/leads?search=zzz");
    await expect(page.getByText("No lead fits")).toBeVisible();
  });

  test("that cannot be read, or are on their way", async ({ page }) => {
    const broken = made.problem("broken", "The leads cannot be read", 400, "Nothing is lost.");
    await made.answer(page, { ...base, "GET /leads": broken });
    await page.goto("/leads");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
    await page.unrouteAll();
    await made.answer(page, { ...base, "GET /leads": "hang" });
    await page.reload();
    await expect(page.getByRole("status", { name: "Loading leads" })).toBeVisible();
    await look(page, "leads-loading");
  });

  test("are made in place", async ({ page }) => {
    await made.answer(page, { ...base, "POST /leads": made.json(data.leads[0], 201) });
    await page.goto("/leads");
    await page.getByRole("button", { name: "New lead" }).click();
    await page.getByLabel("Name").fill("Ana Lindqvist");
    await page.getByLabel("Company").fill("Brightside Foods");
    await look(page, "leads-new");
    await page.getByRole("button", { name: "Add the lead" }).click();
    await expect(page).toHaveURL(/\/leads\/lead-1$/);
  });
});

test.describe("a table of leads", () => {
  const line = (number: number, name: string, more: object) => ({
    line: number,
    name,
    email: `${name.toLowerCase()}@example.com`,
    result: "added",
    problem: null,
    lead_id: null,
    ...more,
  });
  const table = {
    name: "leads.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("name,email\nAna,ana@example.com\nPer,per@example.com\n,x\n"),
  };

  test("is looked through first, then imported with a report line by line", async ({ page }) => {
    await made.answer(page, base);
    const asked: string[] = [];
    await page.route("**/api/v1/lead-imports?*", (route) => {
      const isCheck = route.request().url().endsWith("check=true");
      asked.push(`${isCheck} ${(route.request().postDataJSON() as { csv: string }).csv}`);
      const lead_id = isCheck ? null : "lead-1";
      const lines = [
        line(2, "Ana", { result: "changed", lead_id }),
        line(3, "Per", { lead_id }),
        line(4, "", { result: "problem", problem: "name: This is missing.", email: "x" }),
      ];
      return route.fulfill(made.json({ lines, added: 1, changed: 1, problems: 1 }));
    });
    await page.goto("/leads");
    await page.getByRole("button", { name: "Import" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.locator("input[type=file]").setInputFiles(table);
    await expect(drawer.getByText("It would be: 1 added, 1 changed, 1 line with a problem.")).toBeVisible();
    await expect(drawer.getByTestId("import-line")).toHaveCount(3);
    await expect(drawer.getByText("name: This is missing.")).toBeVisible();
    await look(page, "leads-import");
    await drawer.getByRole("button", { name: "Import" }).click();
    await expect(drawer.getByText("Imported: 1 added, 1 changed")).toBeVisible();
    await look(page, "leads-imported");
    const csv = table.buffer.toString();
    expect(asked).toEqual([`true ${csv}`, `false ${csv}`]);
    await drawer.getByRole("link", { name: "Per" }).click();
    await expect(page).toHaveURL(/\/leads\/lead-1$/);
  });

  test("that is refused as a whole says why", async ({ page }) => {
    await made.answer(page, {
      ...base,
      "POST /lead-imports": made.problem(
        "invalid-input",
        "The request is not in the expected form",
        422,
        "Nothing was changed. The list of errors says which part to mend.",
        { errors: [{ pointer: "/body/csv", detail: "There is a column too many or not known." }] },
      ),
    });
    await page.goto("/leads");
    await page.getByRole("button", { name: "Import" }).click();
    await page.locator("input[type=file]").setInputFiles(table);
    await expect(page.getByText("There is a column too many or not known.")).toBeVisible();
    await expect(page.getByRole("dialog").getByRole("button", { name: "Import" })).toHaveCount(0);
  });
});

test.describe("a lead", () => {
  test("shows what is known, the calls and how the score came about", async ({ page }) => {
    await made.answer(page, base);
    await page.goto("/leads/lead-1");
    await expect(page.getByTestId("scores").getByRole("row")).toHaveCount(3);
    await expect(page.getByTestId("scores").getByText("40 → 74")).toBeVisible();
    await expect(page.getByTestId("call-row")).toHaveCount(2);
    await expect(page.getByTestId("lead-moment")).toHaveText([
      /^Score 40 → 74, Met → Qualified after Follow-up/,
      /^A call took place: Follow-up.*Ben Okafor/,
      /^Came with an import.*Mara Chen/,
    ]);
    await look(page, "lead");
    await page.getByRole("link", { name: "Book a call with Ana" }).click();
    await expect(page).toHaveURL(/\/calls\/new\?lead=lead-1/);
    await expect(page.getByRole("combobox", { name: "Lead", exact: true })).toHaveValue(/Ana Lindqvist/);
  });

  test("is changed, and a refusal is shown at its field", async ({ page }) => {
    await made.answer(page, base);
    const sent: unknown[] = [];
    await page.route("**/api/v1/leads/lead-1", (route) => {
      if (route.request().method() !== "PATCH") return route.fallback();
      sent.push(route.request().postDataJSON());
      return route.fulfill(
        sent.length === 1
          ? made.problem("malformed-request", "Something is not right", 422, "See what is marked.", {
              errors: [{ pointer: "/body/email", detail: "This address takes no mail." }],
            })
          : made.json(data.leads[0]),
      );
    });
    await page.goto("/leads/lead-1");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").getByLabel("Notes").fill("Prefers afternoons.");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("This address takes no mail.", { exact: true })).toBeVisible();
    await expect(page.getByRole("alert")).toContainText("What you entered is kept.");
    await look(page, "lead-edit");
    await page.getByLabel("E-mail").fill("ana@example.org");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    expect(sent[1]).toMatchObject({
      notes: "Prefers afternoons.",
      email: "ana@example.org",
      status: "qualified",
    });
  });

  test("that is not there", async ({ page }) => {
    await made.answer(page, { "GET /me": made.json(made.me) });
    await page.goto("/leads/lead-1");
    await expect(page.getByRole("heading", { name: "This lead is not here" })).toBeVisible();
  });
});
