using System.Runtime.ExceptionServices;

namespace Isr.Analysis;

/// <summary>Threads for work that takes cores for seconds: those of the pool may come late, and others wait for them.</summary>
internal static class OwnThreads
{
    /// <summary>Has the caller and <paramref name="count"/> - 1 threads do the same work at a time; returns when all are done. What the first that fails throws comes back.</summary>
    public static void Run(int count, Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var threads = new Thread[count - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work) { IsBackground = true, Name = "measures" };
            threads[i].Start();
        }

        Work();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        failure?.Throw();

        void Work()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
