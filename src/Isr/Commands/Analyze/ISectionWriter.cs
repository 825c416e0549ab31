namespace Isr.Commands.Analyze;

/// <summary>One way of telling sections. Files come in the order in which they were given, those that could not be decoded as well.</summary>
internal interface ISectionWriter
{
    void Write(AnalyzedFile file);

    /// <summary>There are no more.</summary>
    void End();
}
