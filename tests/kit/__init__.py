"""What the tests are made with: servers, databases, processes, a browser, clocks."""
