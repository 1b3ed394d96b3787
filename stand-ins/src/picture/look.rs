//! The looks that a prompt can name, so that a picture in oil is told from one on film at a glance.
//! It must never draw a face that is not in the photos.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::draw::mix;

/// One thing that is done to a picture.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    /// Two colours for dark and light, laid over with this weight.
    Tone([u8; 3], [u8; 3], f32),
    /// Higher or lower contrast, in percent.
    Contrast(f32),
    /// Few values of each colour.
    Levels(f32),
    /// Dark lines where brightness jumps.
    Ink(f32),
    /// Flat strokes of this many pixels.
    Strokes(u32),
    /// Lines of a pencil on paper.
    Pencil,
    /// Squares of this many pixels.
    Squares(u32),
    /// Triangles of this many pixels.
    Facets(u32),
    /// Dots that grow with the dark.
    Dots(u32),
    Blur(f32),
}

use Look::{Blur, Contrast, Dots, Facets, Ink, Levels, Pencil, Squares, Strokes, Tone};

/// The first words that a prompt contains decide.
#[rustfmt::skip]
const LOOKS: &[(&str, &[Look])] = &[
    ("pixel art", &[Squares(9), Levels(7.0)]),
    ("low poly", &[Contrast(12.0), Facets(26)]),
    ("stained glass", &[Contrast(40.0), Facets(44), Ink(0.16)]),
    ("pop art", &[Contrast(45.0), Tone([214, 20, 96], [255, 226, 40], 0.7), Dots(9)]),
    ("comic", &[Strokes(3), Contrast(25.0), Levels(6.0), Ink(0.11)]),
    ("woodblock", &[Strokes(4), Levels(5.0), Tone([24, 48, 88], [244, 228, 192], 0.55), Ink(0.13)]),
    ("anime", &[Strokes(4), Contrast(15.0), Levels(9.0), Tone([70, 60, 130], [255, 244, 232], 0.2)]),
    ("pencil", &[Pencil, Tone([60, 60, 66], [252, 251, 247], 1.0)]),
    ("charcoal", &[Pencil, Blur(1.2), Contrast(60.0), Tone([22, 21, 20], [236, 230, 220], 1.0)]),
    ("watercolour", &[Strokes(5), Contrast(-25.0), Tone([70, 110, 150], [255, 253, 248], 0.4)]),
    ("impressionist", &[Strokes(5), Contrast(20.0), Tone([40, 70, 120], [255, 236, 170], 0.25)]),
    ("renaissance", &[Strokes(3), Tone([34, 20, 10], [240, 205, 150], 0.6)]),
    ("oil painting", &[Strokes(4), Contrast(18.0), Tone([36, 22, 12], [250, 222, 176], 0.3)]),
    ("tintype", &[Blur(1.4), Contrast(30.0), Tone([30, 20, 12], [222, 196, 156], 1.0)]),
    ("film noir", &[Contrast(55.0), Tone([4, 4, 6], [226, 228, 232], 1.0)]),
    ("black and white", &[Contrast(30.0), Tone([8, 8, 8], [250, 250, 250], 1.0)]),
    ("double exposure", &[Contrast(20.0), Tone([30, 70, 90], [250, 250, 248], 0.65)]),
    ("neon", &[Contrast(35.0), Tone([28, 10, 84], [255, 90, 190], 0.6)]),
    ("underwater", &[Blur(0.8), Tone([2, 40, 78], [170, 240, 240], 0.6)]),
    ("snow", &[Contrast(-10.0), Tone([40, 60, 100], [244, 250, 255], 0.45)]),
    ("misty", &[Blur(0.8), Contrast(-35.0), Tone([56, 84, 76], [226, 236, 224], 0.45)]),
    ("golden hour", &[Tone([74, 26, 8], [255, 214, 130], 0.45)]),
    ("1970s", &[Contrast(-18.0), Tone([86, 48, 34], [250, 224, 150], 0.42)]),
    ("instant photo", &[Blur(0.7), Contrast(-22.0), Tone([50, 66, 84], [255, 240, 214], 0.35)]),
    ("cinematic", &[Contrast(22.0), Tone([6, 52, 66], [255, 190, 120], 0.4)]),
    ("35 mm film", &[Contrast(8.0), Tone([34, 44, 40], [255, 242, 220], 0.2)]),
    ("fashion", &[Contrast(38.0), Tone([20, 16, 40], [255, 246, 246], 0.18)]),
    ("street photograph", &[Contrast(24.0), Tone([40, 40, 52], [250, 240, 222], 0.25)]),
    ("headshot", &[Contrast(6.0), Tone([30, 38, 52], [252, 252, 252], 0.1)]),
    ("studio portrait", &[Contrast(14.0), Tone([26, 26, 28], [248, 244, 240], 0.25)]),
];

pub(super) fn named_in(prompt: &str) -> &'static [Look] {
    let named = LOOKS.iter().find(|(words, _)| prompt.contains(words));
    named.map_or(&[], |(_, looks)| *looks)
}

impl Look {
    pub fn apply(self, picture: &RgbImage) -> RgbImage {
        match self {
            Tone(dark, light, weight) => each(picture, |pixel, _, _| {
                mix(pixel, mix(Rgb(dark), Rgb(light), brightness(pixel)), weight)
            }),
            Contrast(percent) => imageops::contrast(picture, percent),
            Levels(count) => each(picture, |pixel, _, _| {
                let flat = |value: u8| (f32::from(value) / 256.0 * count).floor();
                Rgb(pixel
                    .0
                    .map(|value| byte(flat(value) / (count - 1.0) * 255.0)))
            }),
            Ink(edge) => lines(picture, edge),
            Strokes(reach) => strokes(picture, reach),
            Pencil => pencil(picture),
            Squares(side) => squares(picture, side),
            Facets(side) => facets(picture, side),
            Dots(side) => dots(picture, side),
            Blur(sigma) => imageops::blur(picture, sigma),
        }
    }
}

fn each(picture: &RgbImage, paint: impl Fn(Rgb<u8>, u32, u32) -> Rgb<u8>) -> RgbImage {
    let (width, height) = picture.dimensions();
    RgbImage::from_fn(width, height, |x, y| paint(*picture.get_pixel(x, y), x, y))
}

/// 0…1, as the eye weighs colours.
fn brightness(pixel: Rgb<u8>) -> f32 {
    let [red, green, blue] = pixel.0.map(f32::from);
    (0.30 * red + 0.59 * green + 0.11 * blue) / 255.0
}

fn at(picture: &RgbImage, x: u32, y: u32) -> Rgb<u8> {
    let (width, height) = picture.dimensions();
    let (x, y) = (
        x.min(width.saturating_sub(1)),
        y.min(height.saturating_sub(1)),
    );
    *picture.get_pixel(x, y)
}

fn lines(picture: &RgbImage, edge: f32) -> RgbImage {
    let soft = imageops::blur(picture, 1.0);
    each(picture, |pixel, x, y| {
        let bright = |x: u32, y: u32| brightness(at(&soft, x, y));
        let across = bright(x.saturating_add(1), y) - bright(x.saturating_sub(1), y);
        let down = bright(x, y.saturating_add(1)) - bright(x, y.saturating_sub(1));
        let jump = across.hypot(down);
        mix(
            pixel,
            Rgb([16, 14, 20]),
            ((jump - edge * 0.5) / edge).clamp(0.0, 0.92),
        )
    })
}

/// Of four squares that touch a pixel, the mean of the calmest: a Kuwahara filter.
fn strokes(picture: &RgbImage, reach: u32) -> RgbImage {
    each(picture, |_, x, y| {
        let (left, top) = (x.saturating_sub(reach), y.saturating_sub(reach));
        let calm = [(left, top), (x, top), (left, y), (x, y)].map(|(from_x, from_y)| {
            let (mut sums, mut light, mut squares, mut count) = ([0.0; 3], 0.0, 0.0, 0.0);
            for dy in 0..=reach {
                for dx in 0..=reach {
                    let pixel = at(
                        picture,
                        from_x.saturating_add(dx),
                        from_y.saturating_add(dy),
                    );
                    let bright = brightness(pixel);
                    for (sum, value) in sums.iter_mut().zip(pixel.0) {
                        *sum += f32::from(value);
                    }
                    light += bright;
                    squares += bright * bright;
                    count += 1.0;
                }
            }
            let mean = light / count;
            (
                squares / count - mean * mean,
                sums.map(|sum| byte(sum / count)),
            )
        });
        let calmest = calm.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        calmest.map_or(Rgb([0; 3]), |(_, colour)| Rgb(*colour))
    })
}

/// Brightness over its own surroundings: flat parts turn to paper.
fn pencil(picture: &RgbImage) -> RgbImage {
    let around = imageops::blur(picture, 6.0);
    each(picture, |pixel, x, y| {
        let share = brightness(pixel) / brightness(at(&around, x, y)).max(0.02);
        let shade = (share.min(1.0).powf(2.4) * (0.55 + 0.45 * brightness(pixel).sqrt())).min(1.0);
        Rgb([byte(shade * 255.0); 3])
    })
}

fn squares(picture: &RgbImage, side: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let few = |length: u32| length.checked_div(side).unwrap_or(1).max(1);
    let small = imageops::thumbnail(picture, few(width), few(height));
    imageops::resize(&small, width, height, FilterType::Nearest)
}

/// Squares cut along a diagonal, each half in the colour of its middle.
fn facets(picture: &RgbImage, side: u32) -> RgbImage {
    let soft = imageops::blur(picture, 3.0);
    each(picture, |_, x, y| {
        let inside = |position: u32| position.checked_rem(side).unwrap_or(0);
        let (across, down) = (inside(x), inside(y));
        let (left, top) = (x.saturating_sub(across), y.saturating_sub(down));
        let (third, thirds) = (side / 3, side.saturating_mul(2) / 3);
        let (dx, dy) = if across > down {
            (thirds, third)
        } else {
            (third, thirds)
        };
        at(&soft, left.saturating_add(dx), top.saturating_add(dy))
    })
}

fn dots(picture: &RgbImage, side: u32) -> RgbImage {
    let small = |number: u32| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    let half = small(side) / 2.0;
    each(picture, |pixel, x, y| {
        let inside = |position: u32| small(position.checked_rem(side).unwrap_or(0)) - half;
        let reach = (1.0 - brightness(pixel)).sqrt() * half * 1.1;
        let outside = inside(x).hypot(inside(y)) > reach;
        if outside {
            mix(pixel, Rgb([255, 250, 236]), 0.6)
        } else {
            pixel
        }
    })
}

fn byte(value: f32) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the range of a byte"
    )]
    let byte = value.clamp(0.0, 255.0) as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_keeps_the_size_and_changes_the_picture() {
        let picture = RgbImage::from_fn(80, 60, |x, y| {
            let [x, y] = [x, y].map(|side| u8::try_from(side * 3).unwrap());
            Rgb([x, y, x.wrapping_mul(7) ^ y])
        });
        for (words, looks) in LOOKS {
            let drawn = looks
                .iter()
                .fold(picture.clone(), |so_far, look| look.apply(&so_far));
            assert_eq!(drawn.dimensions(), picture.dimensions(), "{words}");
            assert_ne!(drawn, picture, "{words}");
        }
    }

    #[test]
    fn a_prompt_without_a_look_has_none() {
        assert!(named_in("on a windy pier").is_empty());
        assert_eq!(named_in("a cat, pixel art, crisp edges").len(), 2);
    }
}
