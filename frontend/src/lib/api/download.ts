// Saves an image under a name of ours. The images are another origin's, which may refuse to be
// read by a script; then the browser shows the image and the person saves it.

export type Saved = 'saved' | 'opened';

export async function saveImage(url: string, name: string): Promise<Saved> {
  let file: Blob;
  try {
    const response = await fetch(url, { credentials: 'omit' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    file = await response.blob();
  } catch {
    window.open(url, '_blank', 'noopener');
    return 'opened';
  }
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
  return 'saved';
}
