//! Writes a prompt along the foot of a picture, light on a darkened band, in as many lines as two allow.
//! Characters without a glyph become a question mark.

use font8x8::{BASIC_FONTS, LATIN_FONTS, UnicodeFonts};
use image::{Rgb, RgbImage};

use super::draw::mix;

const GLYPH: u32 = 8;
const MAX_LINES: usize = 2;

pub(super) fn write(picture: &mut RgbImage, text: &str) {
    let (width, height) = picture.dimensions();
    let zoom = (width.min(height) / 320).max(1);
    let cell = GLYPH.saturating_mul(zoom);
    let columns = usize::try_from(
        width
            .saturating_sub(cell.saturating_mul(2))
            .checked_div(cell)
            .unwrap_or(0),
    )
    .unwrap_or(0);
    let lines = wrap(text, columns);
    let line_height = cell.saturating_add(cell / 2);
    let rows = u32::try_from(lines.len()).unwrap_or(0);
    let band = line_height.saturating_mul(rows).saturating_add(cell);
    let top = height.saturating_sub(band);
    if rows == 0 || band > height / 2 {
        return;
    }
    for pixel in picture
        .enumerate_rows_mut()
        .filter(|(y, _)| *y >= top)
        .flat_map(|(_, row)| row.map(|(_, _, pixel)| pixel))
    {
        *pixel = mix(*pixel, Rgb([12, 12, 16]), 0.6);
    }
    for (row, line) in (0_u32..).zip(&lines) {
        let y = top
            .saturating_add(cell / 2)
            .saturating_add(cell / 4)
            .saturating_add(row.saturating_mul(line_height));
        for (column, letter) in (1_u32..).zip(line.chars()) {
            glyph(picture, letter, column.saturating_mul(cell), y, zoom);
        }
    }
}

fn glyph(picture: &mut RgbImage, letter: char, left: u32, top: u32, zoom: u32) {
    let Some(rows) = BASIC_FONTS
        .get(letter)
        .or_else(|| LATIN_FONTS.get(letter))
        .or_else(|| BASIC_FONTS.get('?'))
    else {
        return;
    };
    let side = GLYPH.saturating_mul(zoom);
    for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
        let row = usize::try_from(y.checked_div(zoom).unwrap_or(0)).unwrap_or(0);
        let bit = x.checked_div(zoom).unwrap_or(0);
        let lit = rows
            .get(row)
            .is_some_and(|row| row.checked_shr(bit).unwrap_or(0) & 1 == 1);
        if let (true, Some(pixel)) = (
            lit,
            picture.get_pixel_mut_checked(left.saturating_add(x), top.saturating_add(y)),
        ) {
            *pixel = Rgb([250, 248, 240]);
        }
    }
}

fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().take(columns).collect();
        match lines.last_mut() {
            Some(line) if line.chars().count().saturating_add(word.chars().count()) < columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    if lines.len() > MAX_LINES {
        lines.truncate(MAX_LINES);
        if let Some(last) = lines.last_mut() {
            let kept: String = last.chars().take(columns.saturating_sub(3)).collect();
            *last = format!("{kept}...");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn long_prompts_are_wrapped_and_cut() {
        assert_eq!(
            wrap("an astronaut on a horse", 12),
            ["an astronaut", "on a horse"]
        );
        assert_eq!(wrap("one two three four five", 9), ["one two", "three..."]);
        assert!(wrap("", 10).is_empty());
    }
}
