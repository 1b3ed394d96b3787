//! Doing many things a few at a time.
//! It must never have more under way than the runtime has connections, nor begin one after a failure.

use std::cell::RefCell;

use futures_util::future::join_all;

use super::Error;

/// Workerd allows six connections at a time.
const LANES: usize = 4;

/// Does this to each, four at a time: whoever is done takes the next. After the first that fails
/// nothing more is begun.
pub(super) async fn for_each<T, F>(
    items: impl IntoIterator<Item = T>,
    act: impl Fn(T) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<(), Error>>,
{
    let queue = RefCell::new(items.into_iter().fuse());
    let failed = RefCell::new(None);
    let lane = || async {
        while failed.borrow().is_none() {
            let Some(item) = queue.borrow_mut().next() else {
                break;
            };
            if let Err(error) = act(item).await {
                failed.borrow_mut().get_or_insert(error);
            }
        }
    };
    join_all((0..LANES).map(|_| lane())).await;
    failed.into_inner().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::task::Poll;

    use futures_util::FutureExt;

    use super::*;

    /// Lets the others go on once.
    async fn turn() {
        let mut waited = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// How many of ten were done, and how many were under way at most; one of them may fail.
    fn go(failing: Option<usize>) -> (Result<(), Error>, usize, usize) {
        let (under_way, most, done) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let act = |number: usize| {
            let (under_way, most, done) = (&under_way, &most, &done);
            async move {
                under_way.set(under_way.get() + 1);
                most.set(most.get().max(under_way.get()));
                turn().await;
                under_way.set(under_way.get() - 1);
                done.set(done.get() + 1);
                if failing == Some(number) {
                    return Err(Error::StorageUnavailable);
                }
                Ok(())
            }
        };
        let mut all = Box::pin(for_each(0..10, act));
        let result = loop {
            if let Some(result) = all.as_mut().now_or_never() {
                break result;
            }
        };
        drop(all);
        (result, done.get(), most.get())
    }

    #[test]
    fn each_is_done_and_no_more_than_four_at_a_time() {
        assert_eq!(go(None), (Ok(()), 10, 4));
    }

    #[test]
    fn nothing_is_begun_after_one_has_failed() {
        let (result, done, _) = go(Some(1));
        assert_eq!(result, Err(Error::StorageUnavailable));
        assert!(done <= 5, "{done}");
    }
}
