import { hurtIn } from "../../simulation/collectStory";
import type { Story } from "../../simulation/story";
import { count } from "../terminal/texts";
import { outcomeBadge } from "./article";
import { faultToRollback, pause } from "./figures";
import { html, type Markup } from "./html";
import { span, unbroken } from "./words";

/** Several stories side by side, each with the way to it. @param idOf of a story's article, by its index */
export function overviewTable(stories: readonly Story[], idOf: (index: number) => string): Markup {
  const rows = stories.map((story, index) => row(story, idOf(index)));
  return html`<div class="panel">
<table class="overview">
<caption>All rehearsals</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col">Outcome</th><th scope="col" class="number">Hurt by the release</th><th scope="col" class="number">Fault to rollback</th><th scope="col" class="number more">Duration</th><th scope="col" class="number more">Write pause</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
`;
}

function row(story: Story, id: string): Markup {
  const { scenario, rehearsal, seed } = story;
  const { counts, durationSeconds, longestWaitSeconds } = rehearsal;
  return html`<tr><th scope="row" class="name"><a href="#${id}">${scenario.name}</a> <small class="seed quiet more">seed ${seed}</small></th><td class="ended">${outcomeBadge(story)}</td><td class="number">${count(hurtIn(counts).byRelease)}</td><td class="number">${unbroken(faultToRollback(story))}</td><td class="number more">${unbroken(span(durationSeconds))}</td><td class="number more">${pause(longestWaitSeconds)}</td></tr>
`;
}
