"""What is in the pictures of the documentation, and how they are taken."""
