"""What is wrong with a live deployment, and what to do about it: reads AWS, changes nothing."""
