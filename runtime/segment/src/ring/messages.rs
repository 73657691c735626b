//! All messages of a ring, one after another.

use super::receiver::RingReceiver;
use crate::error::Error;

/// The messages of a ring up to its end, from [`RingReceiver::messages`].
#[derive(Debug)]
pub struct Messages<'a> {
    /// None after an error.
    receiver: Option<&'a mut RingReceiver>,
}

impl RingReceiver {
    /// The messages up to the end. Sleeps while there is none. An error is the last item.
    pub fn messages(&mut self) -> Messages<'_> {
        Messages { receiver: Some(self) }
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Vec<u8>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let message = self.receiver.as_mut()?.recv();
        if !matches!(message, Ok(Some(_))) {
            self.receiver = None;
        }
        message.transpose()
    }
}

impl std::iter::FusedIterator for Messages<'_> {}

impl<'a> IntoIterator for &'a mut RingReceiver {
    type Item = Result<Vec<u8>, Error>;
    type IntoIter = Messages<'a>;

    fn into_iter(self) -> Messages<'a> {
        self.messages()
    }
}
