"""Making a business: by signing up, or as another one of a person already signed in."""
