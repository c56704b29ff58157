{ of(n): 'app-' + n }
