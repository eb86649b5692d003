console.log('No budget yet.');
