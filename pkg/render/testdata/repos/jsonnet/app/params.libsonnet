{ color: 'blue' }
