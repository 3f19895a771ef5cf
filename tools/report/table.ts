import type { Decided } from "../../simulation/rehearse";
import { clock } from "../terminal/texts";
import type { Happening } from "./happenings";
import { html, type Markup } from "./html";
import { capital, counted } from "./words";

/** Everything that happened, with the marks of the charts. */
export function happeningsTable(happenings: readonly Happening[], id: string): Markup {
  const minor = happenings.filter(({ label }) => label === undefined).length;
  return html`<div class="bar"><h3 id="${id}-what">What happened, and why</h3>${minor === 0 ? undefined : minorSwitch(minor, id)}</div>
<table class="happenings" role="table" aria-labelledby="${id}-what">
<caption class="unseen">What happened, and why</caption>
<thead class="columns" role="rowgroup"><tr role="row"><th role="columnheader" scope="col"><span class="unseen">Mark</span></th><th role="columnheader" scope="col" class="time">Time</th><th role="columnheader" scope="col" class="weights">Blue / green</th><th role="columnheader" scope="col">What and why</th></tr></thead>
<tbody class="rows" role="rowgroup">
${happenings.map((happening) => row(happening, id))}</tbody>
</table>
`;
}

/** What a step does all the time is left out until it is asked for, and printed all the same. */
function minorSwitch(minor: number, id: string): Markup {
  return html`<p class="switch quiet small"><input class="box" type="checkbox" id="${id}-all" /><label for="${id}-all">show ${counted(minor, "bake and hold", "bakes and holds")} in between</label></p>`;
}

function row(happening: Happening, id: string): Markup {
  const { kind, label, atSeconds } = happening;
  const isBad = kind === "decision" && happening.decision.code === "roll-back";
  const tone = isBad ? "bad" : kind;
  const attributes =
    label === undefined ? html`class="row minor"` : html`class="row" id="${id}-${label}"`;
  const cells =
    kind === "world"
      ? html`<td role="cell" class="weights"></td><td role="cell" class="reason">${capital(happening.what)}.</td>`
      : decisionCells(happening.decision);
  // The roles stand here because a phone shows the rows as blocks, and some browsers then forget them.
  return html`<tr role="row" ${attributes}><td role="cell" class="no">${label && html`<span class="mark ${tone}">${label}</span>`}</td><th role="rowheader" scope="row" class="time">${clock(atSeconds)}</th>${cells}</tr>
`;
}

function decisionCells(decision: Decided): Markup {
  const { weights, awsPercent, code, reason } = decision;
  const clients =
    awsPercent === undefined
      ? undefined
      : html` <span class="clients-share">${awsPercent} % on AWS</span>`;
  return html`<td role="cell" class="weights">${weights.blue} / ${weights.green} %${clients}</td><td role="cell" class="reason"><span class="by">${code} · ${decision.who}</span> ${reason}</td>`;
}
