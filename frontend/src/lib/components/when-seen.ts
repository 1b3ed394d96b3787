// Calls when an element comes near the window: how a list that has no end goes on.

import type { Attachment } from 'svelte/attachments';

export function whenSeen(call: () => void): Attachment {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) call();
      },
      { rootMargin: '800px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
