module github.com/himozuke/himozuke

go 1.26
