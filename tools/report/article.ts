import type { Story } from "../../simulation/story";
import { count } from "../terminal/texts";
import { chartFigure, chartsOf } from "./figure";
import { expectedInWords, figuresOf, paymentsIn } from "./figures";
import { happeningsOf } from "./happenings";
import { html, type Markup } from "./html";
import { happeningsTable } from "./table";
import {
  capital,
  direction,
  headline,
  isAsExpected,
  isMigration,
  limitsInWords,
  outcomeInWords,
  stepsInWords,
  unbroken,
} from "./words";

/** A story as the report tells it. */
export interface ToldStory extends Story {
  /** What of the plan is not the environment's own, as a sentence; absent where all of it is. */
  changed?: string;
  /** Hour of the day at which the operator started, in UTC; absent where as many payments come at any time. */
  hourOfDay?: number;
}

/** One story. @param id of the story on the page @param command that shows it again */
export function storyArticle(story: ToldStory, id: string, command: string): Markup {
  const happenings = happeningsOf(story);
  const charts = chartsOf(story).map((chart) => chartFigure(chart, story, happenings, id));
  return html`<article class="panel" id="${id}" aria-labelledby="${id}-title">
${head(story, id)}
<div class="facts">
${figuresTable(story)}
${planSection(story, command)}
</div>
${charts}${withoutCharts(story)}
${happeningsTable(happenings, id)}
</article>
`;
}

/** What no chart can show, in words. */
function withoutCharts(story: Story): Markup | undefined {
  if (story.samples.length === 0)
    return html`<p class="chart quiet">Nothing ran, so there is no chart.</p>`;
  if (paymentsIn(story) > 0) return undefined;
  return html`<p class="chart quiet">No payment came, so there are no failed and no slow ones to show.</p>`;
}

function head(story: ToldStory, id: string): Markup {
  const { scenario, stack, paymentsPerHour, seed, tickSeconds } = story;
  const meta = [
    `stack ${stack}`,
    direction(story),
    `${count(paymentsPerHour)} payments an hour`,
    `seed ${seed}`,
    `a pass every ${tickSeconds} s`,
  ].join(" · ");
  return html`<header class="head">
<p class="scenario"><b>${scenario.name}</b> ${outcomeBadge(story)}</p>
<h2 id="${id}-title">${unbroken(headline(story))}</h2>
<p>${capital(scenario.description)}.</p>
<p class="quiet small">${meta}</p>
</header>`;
}

const SIGNS: { [outcome: string]: string } = {
  ...{ completed: "✓", "rolled-back": "↩", refused: "✕", stuck: "…" },
};

/** How it ended, and whether it ought to have; told by words and signs, not by color alone. */
export function outcomeBadge(story: Story): Markup {
  const { outcome } = story.rehearsal;
  const expected = isAsExpected(story)
    ? undefined
    : html` <span class="badge unexpected">expected: ${expectedInWords(story.scenario.expected)}</span>`;
  return html`<span class="badge ${outcome}"><span aria-hidden="true">${SIGNS[outcome]}</span> ${outcomeInWords(outcome)}</span>${expected}`;
}

function figuresTable(story: Story): Markup {
  const rows = figuresOf(story).map(
    ({
      name,
      value,
    }) => html`<tr><th scope="row" class="quiet">${capital(name)}</th><td class="figure">${unbroken(value)}</td></tr>
`,
  );
  return html`<table class="figures">
<caption>Figures</caption>
<tbody>
${rows}</tbody>
</table>`;
}

/** A line of a command breaks between its words, and not after a hyphen. */
function inWords(command: string): Markup[] {
  return command.split(" ").map((word) => html`<span class="word">${word}</span> `);
}

function planSection(story: ToldStory, command: string): Markup {
  const { plan, changed } = story;
  const migrates = isMigration(story);
  const steps = stepsInWords(plan, migrates);
  const limits = limitsInWords(plan.limits, plan.withoutEvidence === true);
  return html`<div>
<h3>Plan and limits</h3>
<p>${migrates ? "Of the clients" : "Of the payments"} ${unbroken(steps)}.${changed === undefined ? undefined : ` ${changed}`}</p>
<ul class="limits">${limits.map((sentence) => html`<li>${sentence}</li>`)}</ul>
<h3>See it again</h3>
<pre class="command"><code>${inWords(command)}</code></pre>
</div>`;
}
