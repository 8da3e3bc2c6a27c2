"""What we say by e-mail: data in, message out, then SMTP. Nothing yet; mail comes with booking."""
