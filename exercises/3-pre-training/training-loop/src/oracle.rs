//! What is right, computed without the lesson's code.
