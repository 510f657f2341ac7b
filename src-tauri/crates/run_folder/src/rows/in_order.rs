//! Work on many items by all cores, with the results in the order of the items.

use std::{
    collections::VecDeque,
    num::NonZero,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use schema::{Error, Result};

const MOST_THREADS: usize = 8;
/// Items of a batch, unless they are large. Handing a batch to another thread takes some microseconds.
const BATCH: usize = 64;
/// Bytes from which on a batch is full with fewer items.
const LARGE_BATCH: usize = 128 << 10;
/// Batches on their way for each thread. With them a thread need not wait while one item takes long.
const AHEAD: usize = 3;

/// Gets the items: each with about how many bytes it holds.
pub(crate) type Sink<'a, T> = dyn FnMut(T, usize) -> Result<()> + 'a;

/// Calls `make` with each item that `produce` gives to its sink, on all cores, and `take` with what it makes, in
/// the order of the items. So many items are held at once as keep the cores busy. Returns what `produce` does.
///
/// # Errors
/// The first of `produce` or `take`. The rest of the items is then left.
pub(crate) fn in_order<In: Send, Out: Send, Made>(
    produce: impl FnOnce(&mut Sink<'_, In>) -> Result<Made>,
    make: impl Fn(In) -> Out + Sync,
    take: impl FnMut(Out) -> Result<()>,
) -> Result<Made> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let most = threads * AHEAD;
    thread::scope(|scope| {
        let (batches, waiting) = mpsc::sync_channel::<Batch<In, Out>>(most);
        // Dropped with the last thread, so that none waits for threads that ended in a panic.
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..threads {
            let (waiting, make) = (Arc::clone(&waiting), &make);
            scope.spawn(move || work(&waiting, make));
        }
        drop(waiting);
        let mut ordered =
            Ordered { batches, begun: VecDeque::new(), items: Vec::new(), bytes: 0, most, take };
        let made = produce(&mut |item, bytes| ordered.add(item, bytes))?;
        ordered.finish()?;
        Ok(made)
    })
}

/// Some items, and where what is made of them goes.
struct Batch<In, Out> {
    items: Vec<In>,
    made: mpsc::SyncSender<Vec<Out>>,
}

fn work<In, Out>(waiting: &Mutex<mpsc::Receiver<Batch<In, Out>>>, make: impl Fn(In) -> Out) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Batch { items, made }) = next else { return };
        // The receiver is gone if the work was cancelled or failed.
        _ = made.send(items.into_iter().map(&make).collect());
    }
}

/// Hands batches to the threads, and takes what they made in the same order.
struct Ordered<In, Out, Take> {
    batches: mpsc::SyncSender<Batch<In, Out>>,
    /// Where the results of the batches arrive that were handed out, in their order.
    begun: VecDeque<mpsc::Receiver<Vec<Out>>>,
    /// The batch that is being filled.
    items: Vec<In>,
    bytes: usize,
    /// Batches that may be handed out at once.
    most: usize,
    take: Take,
}

impl<In, Out, Take: FnMut(Out) -> Result<()>> Ordered<In, Out, Take> {
    fn add(&mut self, item: In, bytes: usize) -> Result<()> {
        self.items.push(item);
        self.bytes += bytes;
        if self.items.len() < BATCH && self.bytes < LARGE_BATCH { Ok(()) } else { self.hand_out() }
    }

    fn hand_out(&mut self) -> Result<()> {
        if self.begun.len() == self.most {
            self.take_first()?;
        }
        let (made, arrives) = mpsc::sync_channel(1);
        self.bytes = 0;
        self.batches.send(Batch { items: std::mem::take(&mut self.items), made }).map_err(|_| stopped())?;
        self.begun.push_back(arrives);
        Ok(())
    }

    fn take_first(&mut self) -> Result<()> {
        let Some(arrives) = self.begun.pop_front() else { return Ok(()) };
        arrives.recv().map_err(|_| stopped())?.into_iter().try_for_each(&mut self.take)
    }

    fn finish(mut self) -> Result<()> {
        self.hand_out()?;
        while !self.begun.is_empty() {
            self.take_first()?;
        }
        Ok(())
    }
}

fn stopped() -> Error {
    Error::internal("working on rows", &"a thread stopped")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use schema::ErrorCode;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, BATCH, 10_007] {
            let mut taken = Vec::new();
            let produce = |sink: &mut Sink<'_, usize>| {
                (0..count).try_for_each(|item| sink(item, item % 7 * LARGE_BATCH / 5)).map(|()| count)
            };
            let made = in_order(
                produce,
                |item| item * 2,
                |item| {
                    taken.push(item);
                    Ok(())
                },
            );
            assert_eq!(made.unwrap(), count);
            assert!(taken.into_iter().eq((0..count).map(|item| item * 2)));
        }
    }

    #[test]
    fn few_items_are_held_at_once() {
        let (given, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut taken = 0;
        let produce = |sink: &mut Sink<'_, usize>| {
            (0..20_000).try_for_each(|item| {
                given.fetch_add(1, Ordering::Relaxed);
                sink(item, 1)
            })
        };
        in_order(
            produce,
            |item| item,
            |_| {
                taken += 1;
                most.fetch_max(given.load(Ordering::Relaxed) - taken, Ordering::Relaxed);
                Ok(())
            },
        )
        .unwrap();
        assert!(most.into_inner() <= (MOST_THREADS * AHEAD + 1) * BATCH);
    }

    #[test]
    fn an_error_ends_the_work() {
        let mut taken = 0;
        let produce = |sink: &mut Sink<'_, u32>| (0..).try_for_each(|item| sink(item, 1));
        let ended = in_order(
            produce,
            |item| item,
            |item| {
                taken += 1;
                if item == 1_000 { Err(Error::cancelled()) } else { Ok(()) }
            },
        );
        assert_eq!(ended.unwrap_err().code, ErrorCode::Cancelled);
        assert_eq!(taken, 1_001);
    }
}
