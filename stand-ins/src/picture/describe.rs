//! Words for a picture, of what a few measures tell: light, colours and how much of it is filled.
//! It must never guess who is in it.

use image::{Rgb, RgbImage, imageops};

/// Small enough to measure at once, large enough to tell the middle from the edge.
const SIDE: u32 = 48;

/// A description as a vision model would give it, with its way of beginning.
pub(crate) fn describe(picture: &RgbImage) -> String {
    let (width, height) = picture.dimensions();
    let small = imageops::thumbnail(picture, SIDE, SIDE);
    let third = SIDE / 3;
    let around = mean(&small, |x, y| {
        y < third && (x < third / 2 || x >= SIDE.saturating_sub(third / 2))
    });
    let worn = mean(&small, |x, y| {
        y >= third.saturating_mul(2) && x >= third && x < third.saturating_mul(2)
    });
    let filled = share(&small, |pixel| distance(pixel, around) > 60.0);
    let framing = match filled {
        filled if filled > 0.66 => "close to the camera",
        filled if filled > 0.33 => "from the waist up",
        _ => "in some distance",
    };
    let shape = match (width, height) {
        (width, height) if width > height => "a wide",
        (width, height) if width < height => "a tall",
        _ => "a square",
    };
    let all: Vec<f32> = small.pixels().map(|pixel| brightness(*pixel)).collect();
    let count = f32::from(u16::try_from(all.len()).unwrap_or(u16::MAX));
    let light = all.iter().sum::<f32>() / count;
    let spread = all.iter().map(|one| (one - light).abs()).sum::<f32>() / count;
    let brightness = match light {
        light if light > 170.0 => "bright",
        light if light > 85.0 => "even",
        _ => "dim",
    };
    let contrast = if spread > 45.0 { "hard" } else { "soft" };
    format!(
        "The image shows the subject wearing {}, {framing}, in front of a {} background, in \
         {brightness}, {contrast} light, in {shape} picture.",
        name(worn),
        name(around),
    )
}

fn mean(picture: &RgbImage, counts: impl Fn(u32, u32) -> bool) -> Rgb<u8> {
    let mut sums = [0_u32; 3];
    let mut count = 0_u32;
    for (_, _, pixel) in picture
        .enumerate_pixels()
        .filter(|(x, y, _)| counts(*x, *y))
    {
        for (sum, value) in sums.iter_mut().zip(pixel.0) {
            *sum = sum.saturating_add(u32::from(value));
        }
        count = count.saturating_add(1);
    }
    let value = |sum: u32| u8::try_from(sum.checked_div(count).unwrap_or(0)).unwrap_or(u8::MAX);
    Rgb(sums.map(value))
}

fn share(picture: &RgbImage, counts: impl Fn(Rgb<u8>) -> bool) -> f32 {
    let all = picture.pixels().len();
    let some = picture.pixels().filter(|pixel| counts(**pixel)).count();
    let small = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    small(some) / small(all.max(1))
}

fn brightness(pixel: Rgb<u8>) -> f32 {
    let [red, green, blue] = pixel.0.map(f32::from);
    0.30 * red + 0.59 * green + 0.11 * blue
}

fn distance(one: Rgb<u8>, other: Rgb<u8>) -> f32 {
    let parts = one.0.iter().zip(other.0);
    let square = |(a, b): (&u8, u8)| (f32::from(*a) - f32::from(b)).powi(2);
    parts.map(square).sum::<f32>().sqrt()
}

/// The nearest colour that has a name.
#[rustfmt::skip]
fn name(colour: Rgb<u8>) -> &'static str {
    const NAMES: [(&str, [u8; 3]); 14] = [
        ("black", [24, 24, 24]), ("dark grey", [80, 80, 80]), ("grey", [140, 140, 140]),
        ("light grey", [200, 200, 200]), ("white", [245, 245, 245]), ("red", [190, 50, 50]),
        ("brown", [110, 75, 50]), ("beige", [205, 180, 150]), ("yellow", [225, 200, 70]),
        ("green", [70, 130, 70]), ("dark green", [35, 65, 45]), ("blue", [70, 110, 180]),
        ("dark blue", [35, 45, 85]), ("purple", [120, 70, 140]),
    ];
    let nearest = NAMES.iter().min_by(|a, b| {
        distance(colour, Rgb(a.1)).total_cmp(&distance(colour, Rgb(b.1)))
    });
    nearest.map_or("grey", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_follows_the_picture() {
        let dark = RgbImage::from_pixel(60, 90, Rgb([20, 20, 22]));
        assert_eq!(
            describe(&dark),
            "The image shows the subject wearing black, in some distance, in front of a black \
             background, in dim, soft light, in a tall picture."
        );
        let filled = RgbImage::from_fn(90, 60, |x, y| {
            if y < 20 && !(15..75).contains(&x) {
                Rgb([240, 240, 240])
            } else {
                Rgb([190, 50, 50])
            }
        });
        assert_eq!(
            describe(&filled),
            "The image shows the subject wearing red, close to the camera, in front of a white \
             background, in even, soft light, in a wide picture."
        );
    }
}
