import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Story } from "../../simulation/story";
import { commandOf } from "./again";
import { storyArticle, type ToldStory } from "./article";
import { html, type Markup, trusted } from "./html";
import { overviewTable } from "./overview";
import { headline, isAsExpected, listed } from "./words";

export type { ToldStory } from "./article";

export interface ReportOptions {
  /** When it was made. @default the report does not say */
  madeAt?: Date;
}

/**
 * The stories as one HTML page that needs nothing else: no script, no request, no network. The same
 * stories and options always give the same page.
 */
export function reportHtml(stories: readonly ToldStory[], options: ReportOptions = {}): string {
  const [first] = stories;
  const title =
    first && stories.length === 1 ? `${first.scenario.name}: ${headline(first)}` : titleOf(stories);
  const overview = stories.length < 2 ? undefined : overviewTable(stories, idOf);
  const articles = stories.map((story, index) =>
    storyArticle(story, idOf(index), commandOf(story)),
  );
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta http-equiv="Content-Security-Policy" content="${POLICY}" />
<link rel="icon" href="data:," />
<title>${title}</title>
<style>
${trusted(readFileSync(join(__dirname, "style.css"), "utf8"))}</style>
</head>
<body>
<header class="page">
<h1>${titleOf(stories)}</h1>
<p class="quiet">${summary(stories)}${madeAt(options)}</p>
</header>
<main>
${overview}${articles}</main>
${MODEL_AND_REAL}
</body>
</html>
`;
  return page.markup;
}

/** The page runs nothing and fetches nothing, whatever a text in it says. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

function idOf(index: number): string {
  return `story-${index + 1}`;
}

function titleOf(stories: readonly Story[]): string {
  if (stories.length === 0) return "No rehearsal";
  const stacks = [...new Set(stories.map(({ stack }) => stack))];
  const on = `${stacks.length === 1 ? "stack" : "stacks"} ${listed(stacks)}`;
  return stories.length === 1 ? `A rehearsal on ${on}` : `${stories.length} rehearsals on ${on}`;
}

function summary(stories: readonly Story[]): string {
  if (stories.length === 0) return "Nothing was rehearsed.";
  const unexpected = stories.filter((story) => !isAsExpected(story));
  if (unexpected.length === 0)
    return stories.length === 1 ? "It ended as expected." : "All ended as expected.";
  if (stories.length === 1) return "It did not end as expected.";
  const names = listed(unexpected.map(({ scenario }) => scenario.name));
  return `${stories.length - unexpected.length} of ${stories.length} ended as expected; ${names} did not.`;
}

function madeAt({ madeAt: at }: ReportOptions): Markup | undefined {
  if (at === undefined) return undefined;
  const minute = at.toISOString().slice(0, 16);
  return html` Made <time class="date" datetime="${minute}Z">${minute.replace("T", " ")} UTC</time>.`;
}

const MODEL_AND_REAL: Markup = html`<footer class="model">
<h2 class="model-title">What is real here, and what is a model</h2>
<p class="quiet"><b>Real:</b> the decisions. They are those of the controller that would be deployed, pass by pass, with this
stack's own plan and limits; so are the evidence, the reasons and the messages.</p>
<p class="quiet"><b>A model:</b> everything that the controller looks at and acts on. Payments, clients, the colors' targets, load
balancer, DNS, databases, alarms and metrics with CloudWatch's delays are played in virtual time, with chance from the seed:
the same seed gives the same rehearsal. No AWS account was touched.</p>
</footer>`;
