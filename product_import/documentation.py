def module_readme(tree, note): return note
