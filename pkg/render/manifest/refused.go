package manifest

import "errors"

// A RefusedError says that the tool itself would fail on what it is given, and deploy
// nothing. Other errors of rendering say that it is not known here what the tool does.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap returns what the tool fails on.
func (e *RefusedError) Unwrap() error { return e.Err }

// Refused marks an error as one of the tool itself; nil stays nil.
func Refused(err error) error {
	if err == nil {
		return nil
	}
	return &RefusedError{err}
}

// IsRefused tells whether the tool itself would fail.
func IsRefused(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused)
}
