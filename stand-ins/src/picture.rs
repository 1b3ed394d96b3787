//! Pictures as pixels: decoded upright, scaled, drawn and encoded.
//! It must never depend on chance or time: the same input gives the same bytes.

mod caption;
mod describe;
mod draw;
mod look;
mod once;

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageReader, RgbImage};

pub(crate) use describe::describe;
pub(crate) use draw::{Scene, draw};
pub(crate) use once::once;

/// The formats that every provider here speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    WebP,
}

impl Format {
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

/// How a picture meets a width and a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Fills both, what is left over is cut off.
    Crop,
    /// Whole and no larger than both, never enlarged.
    Inside,
    Stretch,
}

/// Decodes a JPEG, PNG or WebP and turns it upright.
pub(crate) fn decode(bytes: &[u8]) -> Result<RgbImage, String> {
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    let mut decoder = reader.into_decoder().map_err(|error| error.to_string())?;
    let orientation = decoder.orientation().map_err(|error| error.to_string())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?;
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

pub(crate) fn encode(picture: &RgbImage, format: Format, quality: u32) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    let quality = u8::try_from(quality.clamp(1, 100)).unwrap_or(80);
    let written = match format {
        Format::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        }
        Format::Png => picture.write_with_encoder(PngEncoder::new_with_quality(
            &mut bytes,
            CompressionType::Fast,
            PngFilter::Sub,
        )),
        Format::WebP => without_finest_shades(picture, quality)
            .write_with_encoder(WebPEncoder::new_lossless(&mut bytes)),
    };
    written.map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

/// The encoder of WebP at hand loses nothing, and a picture would weigh ten times what it does where
/// it is really served; what a lossy one throws away first is thrown away before it.
fn without_finest_shades(picture: &RgbImage, quality: u8) -> RgbImage {
    let kept: u8 = match quality {
        100.. => 0b1111_1111,
        90.. => 0b1111_1100,
        _ => 0b1111_1000,
    };
    let mut coarse = picture.clone();
    for shade in coarse.iter_mut() {
        *shade &= kept;
    }
    coarse
}

/// Scales to the given sides; a missing one follows from the proportions.
pub(crate) fn scale(
    picture: &RgbImage,
    width: Option<u32>,
    height: Option<u32>,
    fit: Fit,
) -> RgbImage {
    let (old_width, old_height) = picture.dimensions();
    match (width, height, fit) {
        (None, None, _) => picture.clone(),
        (Some(width), Some(height), Fit::Crop) => cover(picture, width, height),
        (Some(width), Some(height), Fit::Stretch) => {
            imageops::resize(picture, width, height, FilterType::Triangle)
        }
        _ => {
            let (width, height) = (width.unwrap_or(u32::MAX), height.unwrap_or(u32::MAX));
            inside(picture, width.min(old_width), height.min(old_height))
        }
    }
}

/// The whole picture, no larger than these sides.
pub(crate) fn inside(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (old_width, old_height) = picture.dimensions();
    let by_width = proportional(width, old_height, old_width);
    let (new_width, new_height) = if by_width <= height {
        (width, by_width)
    } else {
        (proportional(height, old_width, old_height), height)
    };
    if (new_width, new_height) == (old_width, old_height) {
        return picture.clone();
    }
    shrink(picture, new_width.max(1), new_height.max(1))
}

/// Smaller by the mean of what falls together; of a picture that becomes tiny not every pixel is
/// asked, which would take longer than to draw it.
fn shrink(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    const ENOUGH: u32 = 4;
    let [across, down] = [width, height].map(|side| side.saturating_mul(ENOUGH));
    if picture.width() / 2 > across && picture.height() / 2 > down {
        let some = imageops::resize(picture, across, down, FilterType::Nearest);
        return imageops::thumbnail(&some, width, height);
    }
    imageops::thumbnail(picture, width, height)
}

/// The middle of the picture, filling these sides; what stands above the middle is kept rather than what lies below it.
pub(crate) fn cover(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (old_width, old_height) = picture.dimensions();
    let by_width = proportional(old_width, height, width);
    let (cut_width, cut_height) = if by_width <= old_height {
        (old_width, by_width)
    } else {
        (proportional(old_height, width, height), old_height)
    };
    let left = old_width.saturating_sub(cut_width) / 2;
    let top = old_height.saturating_sub(cut_height) / 3;
    let cut =
        imageops::crop_imm(picture, left, top, cut_width.max(1), cut_height.max(1)).to_image();
    if cut.dimensions() == (width, height) {
        return cut;
    }
    if cut.width() > width {
        return shrink(&cut, width, height);
    }
    imageops::resize(&cut, width, height, FilterType::Triangle)
}

/// `value · numerator / denominator`, rounded.
fn proportional(value: u32, numerator: u32, denominator: u32) -> u32 {
    let product = u64::from(value).saturating_mul(u64::from(numerator));
    let rounded = product
        .saturating_add(u64::from(denominator / 2))
        .checked_div(u64::from(denominator));
    u32::try_from(rounded.unwrap_or(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_fitted_and_cropped_to_the_asked_sides() {
        let picture = RgbImage::new(400, 200);
        assert_eq!(
            scale(&picture, Some(100), None, Fit::Inside).dimensions(),
            (100, 50)
        );
        assert_eq!(
            scale(&picture, Some(1000), None, Fit::Inside).dimensions(),
            (400, 200)
        );
        assert_eq!(
            scale(&picture, Some(50), Some(50), Fit::Crop).dimensions(),
            (50, 50)
        );
        assert_eq!(
            scale(&picture, Some(50), Some(50), Fit::Stretch).dimensions(),
            (50, 50)
        );
        assert_eq!(
            scale(&picture, None, None, Fit::Inside).dimensions(),
            (400, 200)
        );
    }

    #[test]
    fn every_format_is_written_and_read_again() {
        let picture = RgbImage::from_pixel(20, 10, image::Rgb([200, 100, 50]));
        for format in [Format::Jpeg, Format::Png, Format::WebP] {
            let bytes = encode(&picture, format, 80).unwrap();
            assert_eq!(decode(&bytes).unwrap().dimensions(), (20, 10), "{format:?}");
        }
    }

    #[test]
    fn a_webp_weighs_less_the_less_quality_is_asked_for() {
        let picture = RgbImage::from_fn(200, 200, |x, y| {
            let mixed = x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663);
            let shade = |n: u32| (mixed ^ n.wrapping_mul(83_492_791)).to_le_bytes()[1];
            image::Rgb([shade(1), shade(2), shade(3)])
        });
        let weight = |quality| encode(&picture, Format::WebP, quality).unwrap().len();
        assert!(weight(80) < weight(90) && weight(90) < weight(100));
        let whole = encode(&picture, Format::WebP, 100).unwrap();
        assert_eq!(decode(&whole).unwrap(), picture);
    }
}
