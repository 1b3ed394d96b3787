// Ideas for pictures out of what a vision model saw in somebody's photos: what they wore and where
// they were, without the words for the person themselves.

const MOST = 6;
const MOST_CHARACTERS = 110;
/** What comes before these words is the person. */
const BEGINS =
  /\b(wearing|standing|sitting|walking|leaning|lying|smiling|looking|holding|dressed|posing|in front of|in|on|at|against|by|near|with)\b/i;

export function ideasFrom(descriptions: string[]): string[] {
  const ideas = descriptions.map(ideaFrom).filter((idea) => idea !== null);
  return [...new Set(ideas)].slice(0, MOST);
}

function ideaFrom(description: string): string | null {
  const [sentence = ''] = description.split(/[.!?](?:\s|$)/);
  const found = BEGINS.exec(sentence);
  if (!found) return null;
  const idea = cut(sentence.slice(found.index).trim());
  return idea.length < 8 ? null : idea.charAt(0).toLowerCase() + idea.slice(1);
}

/** Between two words where it is too long, and not behind a comma. */
function cut(text: string): string {
  const most =
    text.length <= MOST_CHARACTERS ? text : text.slice(0, text.lastIndexOf(' ', MOST_CHARACTERS));
  return most.replace(/[\s,;:-]+$/, '');
}
