using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(Isr.Tests.Support.SideBySideFramework))]

namespace Isr.Tests.Support;

/// <summary>
/// On a class whose tests mostly wait and share nothing: they run beside each other, as those of different classes do. Of
/// a class fixture each of them has its own.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SideBySideAttribute : Attribute;

/// <summary>xunit as it is, but for <see cref="SideBySideAttribute"/>.</summary>
public sealed class SideBySideFramework(string? configFileName) : XunitTestFramework(configFileName)
{
    private readonly string? _configFileName = configFileName;

    public SideBySideFramework()
        : this(null)
    {
    }

    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        new SideBySideDiscoverer(new XunitTestAssembly(assembly, _configFileName, assembly.GetName().Version));
}

internal sealed class SideBySideDiscoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
{
    /// <summary>Tests of one collection run one after the other, so each gets a collection: the class is found anew in each, and one test of it taken.</summary>
    protected override async ValueTask<bool> FindTestsForType(
        IXunitTestClass testClass, ITestFrameworkDiscoveryOptions discoveryOptions, Func<ITestCase, ValueTask<bool>> discoveryCallback)
    {
        if (!testClass.Class.IsDefined(typeof(SideBySideAttribute), inherit: false))
        {
            return await base.FindTestsForType(testClass, discoveryOptions, discoveryCallback);
        }

        for (var number = 0; ; number++)
        {
            var found = new List<ITestCase>();
            var collection = new XunitTestCollection(TestAssembly, null, disableParallelization: false, $"{testClass.TestCollection.TestCollectionDisplayName}, test {number + 1}");
            await base.FindTestsForType(new XunitTestClass(testClass.Class, collection), discoveryOptions, testCase =>
            {
                found.Add(testCase);
                return ValueTask.FromResult(true);
            });
            if (number >= found.Count)
            {
                return true;
            }

            if (!await discoveryCallback(found[number]))
            {
                return false;
            }
        }
    }
}
