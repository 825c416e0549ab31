using Isr.Browser.Tests.Support;

// Made once for all classes, which go through the archive and open windows of their own side by side, and change nothing in it.
[assembly: AssemblyFixture(typeof(ReviewArchive))]
[assembly: AssemblyFixture(typeof(Browser))]
