//! What was drawn or scaled once is not drawn again: tests make a thousand worlds that look alike.
//! It must never show: a picture depends on nothing but what it is asked for by.

use std::any::Any;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// What is kept; then it begins anew.
const MOST_BYTES: usize = 64 << 20;

type Kept = HashMap<[u8; 32], (usize, Box<dyn Any + Send>)>;

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// The file or the pixels that these parts ask for; made at most once while they are remembered.
pub(crate) fn once<T: Clone + Deref<Target = [u8]> + Send + 'static>(
    parts: &[&[u8]],
    make: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part.len().to_le_bytes());
        sum.update(part);
    }
    let key = sum.finalize().into();
    let found = kept(|kept| kept.get(&key)?.1.downcast_ref::<T>().cloned());
    if let Some(made) = found {
        return Ok(made);
    }
    let made = make()?;
    kept(|kept| {
        let held: usize = kept.values().map(|(bytes, _)| bytes).sum();
        if held.saturating_add(made.len()) > MOST_BYTES {
            kept.clear();
        }
        kept.insert(key, (made.len(), Box::new(made.clone())));
    });
    Ok(made)
}

fn kept<T>(look: impl FnOnce(&mut Kept) -> T) -> T {
    look(&mut KEPT.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_are_made_once_and_others_for_themselves() {
        let ask = |parts: &[&[u8]], answer: &[u8]| once(parts, || Ok(answer.to_vec())).unwrap();
        assert_eq!(ask(&[b"once", b"ab"], b"1"), b"1");
        assert_eq!(ask(&[b"once", b"ab"], b"2"), b"1");
        assert_eq!(ask(&[b"once", b"a", b"b"], b"3"), b"3");
    }

    #[test]
    fn what_failed_is_tried_again() {
        let parts: &[&[u8]] = &[b"what failed"];
        assert!(once::<Vec<u8>>(parts, || Err("no".to_owned())).is_err());
        assert_eq!(once(parts, || Ok(vec![1])).unwrap(), [1]);
    }
}
