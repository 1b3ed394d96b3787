//! The three places where a WebP file tells its size: the canvas (VP8X), a lossy frame (VP8) and a lossless one (VP8L).
//! It reads headers only; whether they agree with each other is for the walk to say.

use super::{Bounds, Chunk, LOSSLESS, LOSSY, Reader, Rejection};

/// Bits of the first byte of VP8X.
const HAS_ANIMATION: u8 = 0x02;
pub(super) const HAS_ALPHA: u8 = 0x10;

/// What a header says: that of the canvas (VP8X) or that of the frame (VP8, VP8L); the size is judged first.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    has_alpha: bool,
}

impl Header {
    pub(super) fn of_canvas(body: &[u8], bounds: &Bounds) -> Result<Self, Rejection> {
        let mut reader = Reader::new(body);
        let [flags, _, _, _] = reader.array()?;
        let width = reader.u24_le()?.saturating_add(1);
        let height = reader.u24_le()?.saturating_add(1);
        bounds.admit(width, height)?;
        if !reader.is_empty() {
            return Err(Rejection::Truncated);
        }
        if flags & HAS_ANIMATION != 0 {
            return Err(Rejection::Animated);
        }
        Ok(Self {
            width,
            height,
            has_alpha: flags & HAS_ALPHA != 0,
        })
    }

    /// The frame header of RFC 6386, section 9.1.
    fn of_lossy(body: &[u8], bounds: &Bounds) -> Result<Self, Rejection> {
        let mut reader = Reader::new(body);
        let tag = reader.u24_le()?;
        let is_shown_key_frame = tag & 1 == 0 && tag >> 4 & 1 == 1;
        if !is_shown_key_frame || reader.array()? != [0x9D, 0x01, 0x2A] {
            return Err(Rejection::NotAnImage);
        }
        // The upper two bits ask for scaling, which nobody does.
        let width = u32::from(reader.u16_le()? & 0x3FFF);
        let height = u32::from(reader.u16_le()? & 0x3FFF);
        bounds.admit(width, height)?;
        let first_partition = usize::try_from(tag >> 5).map_err(|_| Rejection::Truncated)?;
        reader.take(first_partition)?;
        Ok(Self {
            width,
            height,
            has_alpha: false,
        })
    }

    /// Signature, twice 14 bits of size less one, whether alpha is used, three bits of version.
    fn of_lossless(body: &[u8], bounds: &Bounds) -> Result<Self, Rejection> {
        let mut reader = Reader::new(body);
        if reader.u8()? != 0x2F {
            return Err(Rejection::NotAnImage);
        }
        let bits = reader.u32_le()?;
        if bits >> 29 != 0 {
            return Err(Rejection::NotAnImage);
        }
        let width = (bits & 0x3FFF).saturating_add(1);
        let height = (bits >> 14 & 0x3FFF).saturating_add(1);
        bounds.admit(width, height)?;
        if reader.is_empty() {
            return Err(Rejection::Truncated);
        }
        Ok(Self {
            width,
            height,
            has_alpha: bits >> 28 & 1 == 1,
        })
    }

    /// The header of a frame; `None` for every other chunk.
    pub(super) fn of_frame(chunk: &Chunk<'_>, bounds: &Bounds) -> Option<Result<Self, Rejection>> {
        match chunk.name {
            LOSSY => Some(Self::of_lossy(chunk.body, bounds)),
            LOSSLESS => Some(Self::of_lossless(chunk.body, bounds)),
            _ => None,
        }
    }

    /// The body of VP8X: flags, three reserved bytes, width and height less one in 24 bits each.
    pub(super) const fn to_canvas(self, flags: u8) -> [u8; 10] {
        let flags = if self.has_alpha {
            flags | HAS_ALPHA
        } else {
            flags
        };
        let [w0, w1, w2, _] = self.width.saturating_sub(1).to_le_bytes();
        let [h0, h1, h2, _] = self.height.saturating_sub(1).to_le_bytes();
        [flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]
    }
}
