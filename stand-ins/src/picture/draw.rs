//! Draws what a trained model would have generated: a picture composed of its own photos, graded by seed and prompt, with the prompt below.
//! It must never give two prompts or two seeds the same picture.

use image::imageops::{self, FilterType};
use image::{DynamicImage, Rgb, RgbImage};

use super::{caption, cover, look};
use crate::random::Random;

/// Everything that a picture depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub photos: &'a [RgbImage],
    pub prompt: &'a str,
    pub seed: u64,
    pub width: u32,
    pub height: u32,
}

/// The longest side that is composed; photos are kept no larger, so more would show nothing more.
const WORKING_SIDE: u32 = 640;

pub(crate) fn draw(scene: &Scene<'_>) -> RgbImage {
    let mut random = Random::new(scene.seed ^ hash(scene.prompt));
    let (width, height) = working_size(scene.width, scene.height);
    let small = Scene {
        width,
        height,
        ..*scene
    };
    let looks = look::named_in(scene.prompt);
    let mut composed = match random.below(4) {
        0 => portrait(&small, &mut random),
        // A look is seen best on one photo.
        _ if !looks.is_empty() => portrait(&small, &mut random),
        1 => framed(&small, &mut random),
        2 => column(&small, &mut random),
        _ => quarters(&small, &mut random),
    };
    let mut tint = Grade::choose(&mut random);
    if !looks.is_empty() {
        tint.strength *= 0.2;
    }
    grade(&mut composed, &tint);
    let composed = looks
        .iter()
        .fold(composed, |so_far, look| look.apply(&so_far));
    let composed = DynamicImage::ImageRgb8(composed);
    let mut picture = composed
        .resize_exact(scene.width, scene.height, FilterType::Triangle)
        .into_rgb8();
    caption::write(&mut picture, scene.prompt);
    picture
}

fn working_size(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height);
    let shrunk = |side: u32| {
        let side = side
            .saturating_mul(WORKING_SIDE)
            .checked_div(longest)
            .unwrap_or(0);
        side.max(1)
    };
    if longest <= WORKING_SIDE {
        (width, height)
    } else {
        (shrunk(width), shrunk(height))
    }
}

/// FNV-1a, because the standard hasher may change with the compiler.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// One of the photos, filling these sides, in every second case mirrored.
fn pick(scene: &Scene<'_>, random: &mut Random, width: u32, height: u32) -> RgbImage {
    let count = u64::try_from(scene.photos.len()).unwrap_or(0);
    let index = usize::try_from(random.below(count)).unwrap_or(0);
    let mut picture = scene.photos.get(index).map_or_else(
        || RgbImage::new(width, height),
        |photo| cover(photo, width, height),
    );
    if random.below(2) == 1 {
        imageops::flip_horizontal_in_place(&mut picture);
    }
    picture
}

fn portrait(scene: &Scene<'_>, random: &mut Random) -> RgbImage {
    pick(scene, random, scene.width, scene.height)
}

/// A picture in a light frame, before another one in a single dark colour.
fn framed(scene: &Scene<'_>, random: &mut Random) -> RgbImage {
    let mut picture = pick(scene, random, scene.width, scene.height);
    let tone = Grade {
        strength: 0.85,
        ..Grade::choose(random)
    };
    grade(
        &mut picture,
        &Grade {
            light: mix(tone.dark, tone.light, 0.5),
            ..tone
        },
    );
    let border = scene.width.min(scene.height) / 48;
    let (left, top) = (scene.width / 7, scene.height / 12);
    let width = scene.width.saturating_sub(left.saturating_mul(2)).max(1);
    let height = scene.height.saturating_sub(top.saturating_mul(2)).max(1);
    let inner = |side: u32| side.saturating_sub(border.saturating_mul(2)).max(1);
    let frame = RgbImage::from_pixel(width, height, Rgb([246, 243, 236]));
    let inset = pick(scene, random, inner(width), inner(height));
    imageops::replace(&mut picture, &frame, left.into(), top.into());
    let (left, top) = (left.saturating_add(border), top.saturating_add(border));
    imageops::replace(&mut picture, &inset, left.into(), top.into());
    picture
}

/// A large picture with three small ones beside or below it.
fn column(scene: &Scene<'_>, random: &mut Random) -> RgbImage {
    let lies = scene.width > scene.height;
    let (long, short) = if lies {
        (scene.width, scene.height)
    } else {
        (scene.height, scene.width)
    };
    let strip = (long / 4).min(short / 3);
    let main = long.saturating_sub(strip);
    let side = |long: u32, short: u32| if lies { (long, short) } else { (short, long) };
    let mut picture = RgbImage::from_pixel(scene.width, scene.height, Rgb([245, 242, 236]));
    let (width, height) = side(main.saturating_sub(4), short);
    imageops::replace(&mut picture, &pick(scene, random, width, height), 0, 0);
    for place in 0..3_u32 {
        let from = place.saturating_mul(short) / 3;
        let to = place.saturating_add(1).saturating_mul(short) / 3;
        let gap = if place < 2 { 4 } else { 0 };
        let (width, height) = side(strip, to.saturating_sub(from).saturating_sub(gap));
        let (left, top) = side(main, from);
        imageops::replace(
            &mut picture,
            &pick(scene, random, width.max(1), height.max(1)),
            i64::from(left),
            i64::from(top),
        );
    }
    picture
}

/// Four pictures, each in a colour of its own.
fn quarters(scene: &Scene<'_>, random: &mut Random) -> RgbImage {
    let mut picture = RgbImage::new(scene.width, scene.height);
    let (left_width, top_height) = (scene.width / 2, scene.height / 2);
    for (left, top) in [
        (0, 0),
        (left_width, 0),
        (0, top_height),
        (left_width, top_height),
    ] {
        let width = if left == 0 {
            left_width
        } else {
            scene.width.saturating_sub(left_width)
        };
        let height = if top == 0 {
            top_height
        } else {
            scene.height.saturating_sub(top_height)
        };
        let mut quarter = pick(scene, random, width.max(1), height.max(1));
        grade(&mut quarter, &Grade::choose(random));
        imageops::replace(&mut picture, &quarter, i64::from(left), i64::from(top));
    }
    picture
}

/// A duotone laid over a picture, and darker corners.
struct Grade {
    dark: Rgb<u8>,
    light: Rgb<u8>,
    strength: f32,
}

impl Grade {
    fn choose(random: &mut Random) -> Self {
        let hue = random.fraction() * 6.0;
        let away = 2.0 + random.fraction() * 2.0;
        Self {
            dark: colour(hue, 0.16),
            light: colour((hue + away) % 6.0, 0.95),
            strength: 0.25 + random.fraction() * 0.3,
        }
    }
}

/// A soft colour of a hue in 0…6.
fn colour(hue: f32, value: f32) -> Rgb<u8> {
    let channel = |shift: f32| {
        let distance = ((hue + shift) % 6.0 - 3.0).abs() - 1.0;
        byte((0.45 + 0.55 * distance.clamp(0.0, 1.0)) * value * 255.0)
    };
    Rgb([channel(0.0), channel(4.0), channel(2.0)])
}

fn grade(picture: &mut RgbImage, grade: &Grade) {
    let (width, height) = picture.dimensions();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let Rgb([red, green, blue]) = *pixel;
        let brightness =
            (0.30 * f32::from(red) + 0.59 * f32::from(green) + 0.11 * f32::from(blue)) / 255.0;
        let toned = mix(
            *pixel,
            mix(grade.dark, grade.light, brightness),
            grade.strength,
        );
        let (across, down) = (share(x, width) - 0.5, share(y, height) - 0.5);
        let shade = 1.0 - 0.7 * (across * across + down * down);
        *pixel = Rgb(toned.0.map(|channel| byte(f32::from(channel) * shade)));
    }
}

pub(super) fn mix(below: Rgb<u8>, above: Rgb<u8>, weight: f32) -> Rgb<u8> {
    let ([r, g, b], [red, green, blue]) = (below.0, above.0);
    let channel =
        |from: u8, to: u8| byte(f32::from(from) + (f32::from(to) - f32::from(from)) * weight);
    Rgb([channel(r, red), channel(g, green), channel(b, blue)])
}

/// How far along a position is, 0…1; sides of pictures are far below 65,536.
fn share(position: u32, length: u32) -> f32 {
    let small = |number: u32| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    small(position) / small(length.max(1))
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

    fn photos() -> Vec<RgbImage> {
        let gradient = |shift: u32| {
            RgbImage::from_fn(96, 128, |x, y| {
                Rgb([
                    u8::try_from(x * 2).unwrap(),
                    u8::try_from(y).unwrap(),
                    u8::try_from(shift).unwrap(),
                ])
            })
        };
        (0..4).map(|shift| gradient(shift * 60)).collect()
    }

    fn bytes(photos: &[RgbImage], prompt: &str, seed: u64) -> Vec<u8> {
        draw(&Scene {
            photos,
            prompt,
            seed,
            width: 96,
            height: 80,
        })
        .into_raw()
    }

    #[test]
    fn the_same_seed_and_prompt_give_the_same_picture() {
        let photos = photos();
        assert_eq!(
            bytes(&photos, "as an astronaut", 5),
            bytes(&photos, "as an astronaut", 5)
        );
    }

    #[test]
    fn another_seed_or_prompt_gives_another_picture() {
        let photos = photos();
        for seed in 0..20 {
            assert_ne!(
                bytes(&photos, "as an astronaut", seed),
                bytes(&photos, "as an astronaut", seed + 1)
            );
            assert_ne!(
                bytes(&photos, "as an astronaut", seed),
                bytes(&photos, "as a diver", seed)
            );
        }
    }

    #[test]
    fn every_layout_has_exactly_the_asked_size() {
        let photos = photos();
        for (width, height) in [(160, 384), (384, 160), (256, 257), (700, 16)] {
            for seed in 0..6 {
                let picture = draw(&Scene {
                    photos: &photos,
                    prompt: "x",
                    seed,
                    width,
                    height,
                });
                assert_eq!(picture.dimensions(), (width, height));
            }
        }
    }
}
