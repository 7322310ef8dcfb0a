"""Training as people see it: the bar under the menus, the Training tab with recipe and curves, and the commands of the Train menu."""
