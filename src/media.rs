//! What is in a picture, told from its bytes alone: its format, its size as shown, and copies of it
//! without personal metadata or with the mark of an AI-made picture.
//! A file is walked from signature to end marker and rebuilt from the parts that are known to be needed.
//! Nothing here decodes a pixel, allocates before a walk has succeeded, or trusts a header that the bytes contradict.

mod crc32;
mod exif;
mod jpeg;
mod png;
mod reader;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
mod webp;
mod xmp;
mod zip;

use std::fmt;

pub use zip::Zip;

/// The three formats that are accepted and served.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Jpeg,
    Png,
    Webp,
}

impl Format {
    /// The format that the signature announces; the declared type plays no part.
    fn announced_by(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(jpeg::SIGNATURE) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(png::SIGNATURE) {
            Some(Self::Png)
        } else if webp::is_announced(bytes) {
            Some(Self::Webp)
        } else {
            None
        }
    }

    /// The media type to store and serve the picture under.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The file name extension, without a dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rejection {
    /// No JPEG, PNG or WebP, or a kind of one that browsers do not show (arithmetic, lossless or hierarchical JPEG).
    NotAnImage,
    /// More than one frame is announced.
    Animated,
    /// A side is shorter than the bounds allow.
    TooSmall,
    /// A side is longer, or the area is larger, than the bounds allow.
    TooLargeDimensions,
    /// The file breaks off, or its lengths, checksums or order of parts do not add up.
    Truncated,
    /// Bytes follow the end of the picture.
    TrailingData,
}

impl Rejection {
    pub const ALL: [Self; 6] = [
        Self::NotAnImage,
        Self::Animated,
        Self::TooSmall,
        Self::TooLargeDimensions,
        Self::Truncated,
        Self::TrailingData,
    ];

    /// The `reason` member of the `photo-rejected` problem.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotAnImage => "not-an-image",
            Self::Animated => "animated",
            Self::TooSmall => "too-small",
            Self::TooLargeDimensions => "too-large-dimensions",
            Self::Truncated => "truncated",
            Self::TrailingData => "trailing-data",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl std::error::Error for Rejection {}

/// The sizes that are allowed, in pixels; each limit is itself allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub min_side: u32,
    pub max_side: u32,
    pub max_pixels: u64,
}

impl Bounds {
    /// For a file that was measured before: its structure is in question, its size is not.
    const ANY: Self = Self {
        min_side: 1,
        max_side: u32::MAX,
        max_pixels: u64::MAX,
    };

    fn admit(&self, width: u32, height: u32) -> Result<(), Rejection> {
        if width.min(height) < self.min_side {
            return Err(Rejection::TooSmall);
        }
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if width.max(height) > self.max_side || pixels > self.max_pixels {
            return Err(Rejection::TooLargeDimensions);
        }
        Ok(())
    }
}

/// What a walk found out; `width` and `height` are those of the picture as shown, after `orientation` (EXIF, 1 to 8).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measured {
    pub format: Format,
    pub width: u32,
    pub height: u32,
    pub orientation: u8,
}

impl Measured {
    fn new(format: Format, stored: (u32, u32), orientation: u8) -> Self {
        // EXIF 5 to 8 turn the picture by a quarter.
        let (width, height) = match orientation {
            5..=8 => (stored.1, stored.0),
            _ => stored,
        };
        Self {
            format,
            width,
            height,
            orientation,
        }
    }
}

/// Walks `bytes` from signature to end marker; nothing is decoded and nothing is allocated.
///
/// # Errors
/// The first rule that the file breaks; sizes come before the parts that follow them.
pub fn inspect(bytes: &[u8], bounds: &Bounds) -> Result<Measured, Rejection> {
    match Format::announced_by(bytes).ok_or(Rejection::NotAnImage)? {
        Format::Jpeg => jpeg::measure(bytes, bounds),
        Format::Png => png::measure(bytes, bounds),
        Format::Webp => webp::measure(bytes, bounds),
    }
}

/// A copy with the same pixels, colour profile and orientation and no other metadata.
///
/// # Errors
/// `bytes` would not pass [`inspect`], or the copy would not.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, Rejection> {
    let measured = inspect(bytes, &Bounds::ANY)?;
    let copy = match measured.format {
        Format::Jpeg => jpeg::strip(bytes, measured.orientation),
        Format::Png => png::strip(bytes, measured.orientation),
        Format::Webp => webp::strip(bytes, measured.orientation),
    }?;
    prove(copy, measured)
}

/// A copy whose XMP packet, in place of any other, says that the picture is made by a trained algorithm and by which recipe.
///
/// A recipe of more than about 60 KiB once escaped is cut after the last character that fits.
///
/// # Errors
/// `bytes` would not pass [`inspect`], or the copy would not.
pub fn mark_ai_made(bytes: &[u8], recipe: &str) -> Result<Vec<u8>, Rejection> {
    let measured = inspect(bytes, &Bounds::ANY)?;
    let packet = xmp::packet(recipe);
    let copy = match measured.format {
        Format::Jpeg => jpeg::with_xmp(bytes, packet.as_bytes()),
        Format::Png => png::with_xmp(bytes, packet.as_bytes()),
        Format::Webp => webp::with_xmp(bytes, packet.as_bytes()),
    }?;
    prove(copy, measured)
}

/// Whether an uncompressed XMP packet of the picture says that it is made by a trained algorithm.
#[must_use]
pub fn is_marked(bytes: &[u8]) -> bool {
    let packet = match Format::announced_by(bytes) {
        Some(Format::Jpeg) => jpeg::xmp(bytes),
        Some(Format::Png) => png::xmp(bytes),
        Some(Format::Webp) => webp::xmp(bytes),
        None => None,
    };
    packet.is_some_and(xmp::says_ai_made)
}

/// A rebuilt file leaves this module only if it walks again and shows the same picture.
fn prove(copy: Vec<u8>, expected: Measured) -> Result<Vec<u8>, Rejection> {
    if inspect(&copy, &Bounds::ANY)? == expected {
        Ok(copy)
    } else {
        Err(Rejection::Truncated)
    }
}
