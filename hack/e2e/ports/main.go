// Command ports prints, on one line, TCP ports of the loopback interface that nobody
// listens on.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	for i := 0; i < n && err == nil; i++ {
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err == nil {
			defer l.Close()
			fmt.Print(l.Addr().(*net.TCPAddr).Port, " ")
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
